"""Redis-backed caching that is slower, never broken, when Redis is away."""
