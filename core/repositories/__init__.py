"""All PostgreSQL: one module per noun, SQLAlchemy Core, domain objects or frames out."""
