"""A seeded, synthetic person written into a scratch database by SQL and COPY, to measure on."""

from datetime import UTC, datetime, timedelta

import numpy as np

from core.repositories.database import Database

ARTISTS, ALBUMS, TRACKS = 6_000, 12_000, 40_000
FLAGS = (1 | 4 | 16 | 64 | 256, 1 | 2 | 4 | 16 | 64 | 256, 1 | 4 | 8 | 16 | 64 | 256)


def add_catalogue(db: Database, *, seed: int = 7) -> None:
    """Fill the shared look-ups with invented artists, albums, tracks and recordings (nine tracks in ten are alone)."""
    rng = np.random.default_rng(seed)
    album_artist = rng.integers(1, ARTISTS + 1, ALBUMS)
    track_album = rng.integers(1, ALBUMS + 1, TRACKS)
    recording = np.where(rng.random(TRACKS) < 0.9, np.arange(TRACKS), rng.integers(0, TRACKS, TRACKS)) + 1
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = ["".join(letters[i] for i in row) for row in rng.integers(0, 26, (TRACKS, 12))]
    with db.driver() as connection, connection.cursor() as cursor:

        def copy(table: str, columns: str, rows: object) -> None:
            with cursor.copy(f"copy {table} ({columns}) from stdin") as stream:
                for row in rows:  # type: ignore[attr-defined]
                    stream.write_row(row)

        copy("artists", "name, key", ((f"{names[i]} band", f"{i:032x}") for i in range(ARTISTS)))
        copy(
            "albums",
            "artist_id, name, key",
            ((int(album_artist[i]), f"{names[-i]} album", f"{i:032x}") for i in range(ALBUMS)),
        )
        copy("recordings", "key", ((f"{i:032x}",) for i in range(TRACKS)))
        copy(
            "tracks",
            "key, uri, name, artist_id, album_id, recording_id, kind",
            (
                (
                    f"{i:032x}",
                    f"spotify:track:{i:022d}",
                    names[i],
                    int(album_artist[track_album[i] - 1]),
                    int(track_album[i]),
                    int(recording[i]),
                    1,
                )
                for i in range(TRACKS)
            ),
        )
        for reason in ("trackdone", "fwdbtn", "endplay", "clickrow"):
            cursor.execute("insert into reasons (name) values (%s) on conflict do nothing", (reason,))


def add_person(db: Database, *, listens: int, name: str = "synthetic", seed: int = 7, import_id: int = 1) -> int:
    """Return the id of a new person with so many listens over about ten years, in sessions, some skipped."""
    rng = np.random.default_rng(seed)
    track = np.minimum((rng.pareto(0.9, listens) * 300).astype(np.int64), TRACKS - 1)
    track = (track * 7919) % TRACKS + 1
    length = 120_000 + (track * 104_729) % 240_000
    short = rng.random(listens) < 0.25
    ms = np.where(short, rng.integers(0, 60_000, listens), length)
    gap = np.where(rng.random(listens) < 0.05, rng.exponential(14_000, listens), rng.integers(0, 3, listens)) + 1
    ended = np.cumsum(gap + ms // 1000) * (3650 * 86_400 / (np.sum(gap) + np.sum(ms // 1000)))
    start = datetime(2015, 1, 1, tzinfo=UTC)
    country = rng.choice([1 + 3 * 26 + 4, 1 + 5 * 26 + 17], listens, p=[0.95, 0.05])
    platform = rng.choice([1, 2, 3, 5], listens)
    flags = np.array(FLAGS)[np.where(short, 2, rng.integers(0, 2, listens))]
    with db.driver() as connection, connection.cursor() as cursor:
        row = cursor.execute(
            "insert into users (name, name_key, data_version) values (%s, %s, 1) returning id", (name, name)
        ).fetchone()
        assert row is not None
        user_id = int(row[0])
        cursor.execute("insert into data_changes values (%s, 1, %s)", (user_id, import_id))
        columns = (
            "user_id, ended_at, began_at, logged_at, track_id, ms_played, import_id, reason_start, reason_end, "
            "platform, country, kind, source, flags"
        )
        with cursor.copy(f"copy listens ({columns}) from stdin (format binary)") as stream:
            kinds = ["timestamptz"] * 3 + ["int4"] * 2 + ["int8"] + ["int2"] * 7
            stream.set_types(["int4", *kinds])
            for i in range(listens):
                end = start + timedelta(seconds=int(ended[i]))
                began = end - timedelta(milliseconds=int(ms[i]))
                stream.write_row(
                    (
                        *(user_id, end, began, end, int(track[i]), int(ms[i]), import_id, 1, 2 if short[i] else 1),
                        *(int(platform[i]), int(country[i]), 1, 1, int(flags[i])),
                    )
                )
        cursor.execute("analyze")
    return user_id


def add_listen(db: Database, user_id: int, *, at: datetime, import_id: int) -> int:
    """Store one more listen as an import of its own, the way a sync does; return the import's number."""
    with db.driver() as connection:
        connection.execute(
            "insert into listens select user_id, %s, %s, %s, track_id, 200000, %s, 1, 1, 1, 0, 1, 1, 341 from listens "
            "where user_id = %s limit 1",
            (at, at - timedelta(milliseconds=200_000), at, import_id, user_id),
        )
    return import_id
