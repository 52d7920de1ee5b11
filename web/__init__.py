"""Everything HTTP beside the pages: sign-in, uploads, downloads, health, middleware."""
