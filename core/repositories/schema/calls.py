"""Services that are asked: how often, until when nobody may, and what they answered."""

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, Table, Text, text

from core.repositories.schema.base import metadata, moment

# Services we call: who called last, and until when nobody may (their quota is spent). Locked for each call.
callers = Table(
    "callers",
    metadata,
    Column("service", Text, primary_key=True),
    moment("called_at", required=False),
    moment("closed_until", required=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
)
calls = Table(
    "calls",
    metadata,
    Column("service", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    moment("hour"),
    Column("calls", Integer, nullable=False),
    PrimaryKeyConstraint("service", "endpoint", "hour"),
)
# What an endpoint answered last: what this Spotify app may and may not do.
capabilities = Table(
    "capabilities",
    metadata,
    Column("service", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("works", Boolean, nullable=False),
    Column("status", Integer, nullable=False),
    moment("first_seen", now=True),
    moment("last_seen", now=True),
    PrimaryKeyConstraint("service", "endpoint"),
)
