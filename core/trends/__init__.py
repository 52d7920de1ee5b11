"""Sources of public charts behind one interface; no database."""
