"""The models that are stored, each with its card."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, text

from core.domain.names import album_key, artist_key, recording_key
from core.domain.recommending import TERMS_VERSION, Kind
from core.domain.training import Card
from core.repositories.database import Database
from core.repositories.schema import models, training_consents
from core.repositories.training import Agreed

_ROW = models.c
_HEADS = select(_ROW.made_at, _ROW.card).where(_ROW.card["terms"].astext == TERMS_VERSION)
_MADE_AT = select(_ROW.made_at).where(_ROW.kind == bindparam("kind"), _ROW.card["terms"].astext == TERMS_VERSION)
_ONE = select(_ROW.made_at, _ROW.card, _ROW.content).where(
    _ROW.kind == bindparam("kind"), _ROW.card["terms"].astext == TERMS_VERSION
)
# What the things of a model are called, with their artist, album and addresses; blanks for what there is not.
_NAMES: dict[Kind, str] = {
    "artist": """
        select a.id, a.name, '', a.id, '', coalesce((select min(uri) from artist_uris u where u.artist_id = a.id), ''),
          f.mbid from artists a left join artist_facts f on f.artist_id = a.id where a.id = any(%(ids)s)
    """,
    "album": """
        select l.id, l.name, a.name, a.id, l.name, '', f.release_group_mbid from albums l
        join artists a on a.id = l.artist_id left join album_facts f on f.album_id = l.id where l.id = any(%(ids)s)
    """,
    "track": """
        select t.id, coalesce(t.name, ''), a.name, a.id, coalesce(l.name, ''), coalesce(t.uri, ''), f.mbid
        from tracks t join artists a on a.id = t.artist_id left join albums l on l.id = t.album_id
        left join track_facts f on f.track_id = t.id where t.id = any(%(ids)s)
    """,
}


# The oldest track of each recording: models go by it.
_OLDEST = """
select distinct on (recording_id) recording_id, id from tracks
where recording_id = any(%(ids)s) and artist_id is not null order by recording_id, id
"""


# The same by the keys of names.
_NAMED: dict[Kind, str] = {
    "artist": "select id from artists where key = any(%(keys)s::uuid[]) order by id",
    "album": "select id from albums where key = any(%(keys)s::uuid[]) order by id",
    "track": """
        select min(t.id) from recordings r join tracks t on t.recording_id = r.id
        where r.key = any(%(keys)s::uuid[]) and t.artist_id is not null group by r.id order by 1
    """,
}
_KEYS: dict[Kind, Callable[[str, str], bytes]] = {
    "artist": lambda name, artist: artist_key(name),
    "album": lambda name, artist: album_key(artist, name),
    "track": lambda name, artist: recording_key(artist, name),
}


@dataclass(frozen=True, slots=True)
class NamedItem:
    """Something a model holds, by its names; an artist has a blank ``artist``."""

    id: int
    name: str
    artist: str
    artist_id: int
    album: str
    uri: str
    mbid: UUID | None


class ModelRows:
    """What is trained; what was trained under an earlier text is as good as not there."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def made_at(self, kind: Kind) -> datetime | None:
        """Return when the model of a kind was made, None where there is none."""
        with self._db.read() as connection:
            found: datetime | None = connection.execute(_MADE_AT, {"kind": kind}).scalar_one_or_none()
        return found

    def load(self, kind: Kind) -> tuple[Card, bytes] | None:
        """Return the model of a kind with its card, None where there is none."""
        with self._db.read() as connection:
            row = connection.execute(_ONE, {"kind": kind}).one_or_none()
        return (_card(row.made_at, row.card), bytes(row.content)) if row else None

    def cards(self) -> tuple[Card, ...]:
        """Return the cards of all models, by kind."""
        with self._db.read() as connection:
            cards = [_card(row.made_at, row.card) for row in connection.execute(_HEADS)]
        return tuple(sorted(cards, key=lambda card: card.kind))

    def oldest(self, recordings: Collection[int]) -> dict[int, int]:
        """Return the track that stands for each recording in models: the oldest one of somebody."""
        with self._db.driver() as connection:
            return dict(connection.execute(_OLDEST, {"ids": list(recordings)}).fetchall())

    def named(self, kind: Kind, names: Collection[tuple[str, str]]) -> list[int]:
        """Return the ids models have for things by name and artist, ascending; those there are not are left out."""
        keys = [_KEYS[kind](name, artist).hex() for name, artist in names]
        with self._db.driver() as connection:
            return [int(row[0]) for row in connection.execute(_NAMED[kind], {"keys": keys}).fetchall()]

    def names(self, kind: Kind, ids: Collection[int]) -> list[NamedItem]:
        """Return what things are called, by id; those there are not are left out."""
        with self._db.driver() as connection:
            rows = connection.execute(_NAMES[kind], {"ids": list(ids)}).fetchall()
        return sorted((NamedItem(*row) for row in rows), key=lambda item: item.id)

    def forget(self, *, made_at: datetime) -> None:
        """Delete the models made at a moment, so that they are due."""
        with self._db.begin() as connection:
            connection.execute(delete(models).where(_ROW.made_at == made_at))

    def store(self, made: Sequence[tuple[Card, bytes]], *, learned_from: Collection[Agreed]) -> bool:
        """Put models in the place of all earlier ones, if everybody they learned from still lets them; return whether.

        Nobody can take their consent back in between: whoever tries waits, and their going then deletes the models.
        """
        with self._db.begin() as connection:
            connection.execute(text("lock table training_consents in share mode"))
            if not _still_agree(connection, learned_from):
                return False
            connection.execute(delete(models))
            if made:
                connection.execute(insert(models), [_stored(card, content) for card, content in made])
        return True


def _still_agree(connection: Connection, learned_from: Collection[Agreed]) -> bool:
    """Return whether all these consents stand as they were read; others may have come."""
    row = training_consents.c
    standing = connection.execute(select(row.user_id, row.since).where(row.version == TERMS_VERSION))
    return set(learned_from) <= {Agreed(*each) for each in standing}


def _stored(card: Card, content: bytes) -> dict[str, Any]:
    """Return a model as its row."""
    said = asdict(card)
    return {"kind": card.kind, "made_at": said.pop("made_at"), "card": said, "content": content}


def _card(made_at: datetime, said: dict[str, Any]) -> Card:
    """Return a stored card."""
    return msgspec.convert(said | {"made_at": made_at}, Card)
