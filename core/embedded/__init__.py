"""The PostgreSQL and the Valkey that start with one command."""
