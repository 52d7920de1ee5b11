"""The PostgreSQL and the Valkey that start with one command, on Unix sockets, shared by every process of one home."""
