"""What all tables share: how constraints are named, and columns of moments."""

from sqlalchemy import Column, DateTime, MetaData, func

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


def moment(name: str, *, required: bool = True, now: bool = False) -> Column[object]:
    """Return a timestamptz column."""
    return Column(name, DateTime(timezone=True), nullable=not required, server_default=func.now() if now else None)
