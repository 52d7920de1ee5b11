"""Background work: one task is one call of a service."""
