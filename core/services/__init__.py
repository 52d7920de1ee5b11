"""Use cases: the only place where repositories, importing, cache and analytics meet."""
