"""Polls, imports, re-imports and undos in any order end in the same listens: nothing twice, nothing lost."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from exports import Importer, account_row, row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reported import play, poll

from core.domain.listen import Source
from core.repositories.database import Database
from core.services.plays import ApiPlay

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
API, MINUTES = int(Source.SPOTIFY_API), int(Source.SPOTIFY_ACCOUNT)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Heard:
    """A play as it was: the API may tell its start, know its track by another address, or leave it out."""

    number: int
    track: int
    ended: datetime
    seconds: int
    short: bool
    start_known: bool
    synced: timedelta | None
    told: datetime | None
    relinked: bool

    def api(self) -> ApiPlay:
        assert self.told is not None
        uri = f"spotify:track:interleaved{'r' if self.relinked else 'x'}{self.track:08d}"
        names: dict[str, Any] = {"name": f"Interleaved {self.track}", "artist": "Woven", "album": None}
        return play(uri=uri, played_at=self.told, duration_ms=self.seconds * 1000 + 700, **names)

    def extended(self) -> dict[str, Any]:
        logged, offline = self.ended + (self.synced or timedelta()), self.synced is not None
        start = int(self.ended.timestamp()) - self.seconds if self.start_known or offline else None
        names = {"master_metadata_track_name": f"Interleaved {self.track}", "ms_played": self.seconds * 1000}
        names |= {"master_metadata_album_artist_name": "Woven", "master_metadata_album_album_name": None}
        uri = f"spotify:track:interleavedx{self.track:08d}"
        return row(
            ts=f"{logged:%Y-%m-%dT%H:%M:%SZ}", spotify_track_uri=uri, offline=offline, offline_timestamp=start, **names
        )

    def account(self) -> dict[str, Any]:
        names = {"trackName": f"Interleaved {self.track}", "artistName": "Woven", "msPlayed": self.seconds * 1000}
        return account_row(endTime=f"{self.ended:%Y-%m-%d %H:%M}", **names)


@dataclass(frozen=True)
class Story:
    """What was played, and two orders of the same polls and imports.

    ``off`` is how far off each poll tells what was told: None is not at all, else in whole seconds.
    """

    plays: list[Heard]
    off: list[int | None]
    polls: list[list[int]]
    files: list[list[int]]
    orders: list[list[tuple[str, int]]]


@st.composite
def true_plays(draw) -> list[Heard]:
    """Plays one after another: repeats, pauses, skips of a few seconds, offline stretches."""
    plays: list[Heard] = []
    clock, tracks = NOON, count(100)
    for number in range(draw(st.integers(1, 7))):
        short = draw(st.integers(0, 4)) == 0
        track = next(tracks) if short else draw(st.integers(0, 2))
        seconds = draw(st.integers(2, 25)) if short else draw(st.integers(200, 300))
        began = clock + draw(st.integers(0, 40)) * SECOND
        clock = began + seconds * SECOND
        from_start = draw(st.integers(0, 4)) == 0
        late = draw(st.integers(-3_000, 3_000)) * SECOND / 1000
        told = None if draw(st.integers(0, 4)) == 0 else (began if from_start else clock) + late
        synced = draw(st.integers(1_000, 200_000)) * SECOND if draw(st.integers(0, 5)) == 0 else None
        known, relinked = draw(st.booleans()), draw(st.integers(0, 4)) == 0
        same = [p.told for p in plays if p.told and (p.track, p.relinked) == (track, relinked)]
        if told and any(abs(told - other) <= 12 * SECOND for other in same):
            told = None  # a repeat's start, told beside the end of the play before, looks like that end told again
        plays.append(Heard(number, track, clock, seconds, short, known, synced, told, relinked))
    return plays


@st.composite
def stories(draw) -> Story:
    plays = draw(true_plays())
    told = [p.number for p in plays if p.told is not None]
    some = st.lists(st.sampled_from(told), max_size=4, unique=True) if told else st.just([])
    polls = draw(st.lists(some, min_size=1, max_size=3))
    cuts = sorted(draw(st.lists(st.integers(0, len(plays)), min_size=4, max_size=4)))
    online = [p.number for p in plays if p.synced is None]
    files = [list(range(cuts[2])), list(range(cuts[1], len(plays))), [n for n in online if cuts[0] <= n < cuts[3]]]
    acts = (
        [("poll", n) for n in range(len(polls))] + [("import", n) for n in range(3)] + [("undo", n) for n in range(3)]
    )
    orders = [draw(st.lists(st.sampled_from(acts), max_size=7)) for _ in range(2)]
    ends = [draw(st.permutations(acts[:-3])) for _ in range(2)]
    off = draw(st.just([None] * len(polls)) | st.lists(st.none() | st.integers(-1, 1), min_size=3, max_size=3))
    return Story(plays, off, polls, files, [order + end for order, end in zip(orders, ends, strict=True)])


class Person:
    """Somebody whose story is told, in a real database."""

    def __init__(self, importer: Importer, user: int, story: Story) -> None:
        self.importer, self.user, self.story = importer, user, story
        self.polled: dict[tuple[datetime, str], ApiPlay] = {}
        self.done: list[tuple[int, int]] = []

    def act(self, what: str, which: int) -> None:
        """Poll, import a file, or undo its last import."""
        if what == "poll":
            plays = [told_off(self.story.plays[n].api(), self.story.off[which]) for n in self.story.polls[which]]
            for p in plays:
                known = [at for at, uri in self.polled if uri == p.uri]
                if not any(abs(p.played_at - at) <= 5 * SECOND for at in known):
                    self.polled[p.played_at, p.uri] = p
            poll(self.importer.db, self.user, plays)
        elif what == "import" and self.story.files[which]:
            record = self.importer.rows(self.user, self._rows(which), name=_NAMES[which])
            assert record.status == "done", record.message
            self.done.append((which, record.id))
        elif what == "undo" and (mine := [done for done in self.done if done[0] == which]):
            self.done.remove(mine[-1])
            self.importer.importing.undo(self.user, import_id=mine[-1][1])

    def _rows(self, which: int) -> list[dict[str, Any]]:
        plays = [self.story.plays[n] for n in self.story.files[which]]
        return [p.account() if which == 2 else p.extended() for p in plays]

    def rows(self, table: str) -> list[dict[str, Any]]:
        sql = f"select l.*, t.recording_id, t.uri from {table} l join tracks t on t.id = track_id where user_id = %s"
        with self.importer.db.driver() as connection:
            cursor = connection.execute(sql + " order by ended_at, track_id, ms_played, began_at", (self.user,))
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, found, strict=True)) for found in cursor]

    def check(self) -> None:
        """The listens are what the rows of exports and all reported plays say, whatever came before."""
        live, waiting = self.rows("listens"), self.rows("replaced_listens")
        known = [row for row in live + waiting if row["source"] == API]
        assert sorted((r["ended_at"], r["uri"]) for r in known) == sorted(self.polled)
        assert {(r["ended_at"], r["uri"]): r["ms_played"] for r in known} == longest(self.polled.values())
        held = partners(known, [row for row in live if row["source"] != API])
        for at, reported in enumerate(known):
            assert (reported in waiting) == (at in held)
            assert reported.get("replaced_by") == held.get(at)

    def listens(self) -> list[dict[str, Any]]:
        """Return the listens without what tells imports apart."""
        return [{name: cell for name, cell in row.items() if name not in ("user_id", "import_id")}
                for row in self.rows("listens")]  # fmt: skip


_NAMES = ["Streaming_History_Audio_2024_0.json", "Streaming_History_Audio_2024_1.json", "StreamingHistory_music_0.json"]


def told_off(told: ApiPlay, off: int | None) -> ApiPlay:
    """Return a play told at a whole second so many off, or as it was."""
    if off is None:
        return told
    return replace(told, played_at=told.played_at.replace(microsecond=0) + off * SECOND)


def longest(plays: Iterable[ApiPlay]) -> dict[tuple[datetime, str], int]:
    """Return how long each reported play can have lasted: its track, or since the play before."""
    lengths = {}
    for p in (known := list(plays)):
        since = [(p.played_at - other.played_at) // (SECOND / 1000) for other in known if other.played_at < p.played_at]
        lengths[p.played_at, p.uri] = min([p.duration_ms or 0, *since])
    return lengths


def partners(plays: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[int, int]:
    """Return the import that holds each reported play: nearest first, one to one, neighbours moving; the oracle."""
    pairs = []
    for a, p in enumerate(plays):
        for e, r in enumerate(rows):
            for what, moment in enumerate((r["ended_at"], r["logged_at"], r["began_at"])):
                past = p["ended_at"] - moment
                distance = max(-past, past - 60 * SECOND * (r["source"] == MINUTES), timedelta())
                if p["recording_id"] == r["recording_id"] and distance <= 90 * SECOND:
                    cost = distance + 30 * SECOND * ((what == 2) + (p["track_id"] != r["track_id"]))
                    place = (r["ended_at"], r["track_id"], r["ms_played"], r["began_at"])
                    pairs.append(((cost, what, p["ended_at"], p["track_id"], place), a, e, distance))
    row_of: dict[int, int] = {}
    for _, a, e, _ in sorted(pairs):
        if a not in row_of and e not in row_of.values():
            row_of[a] = e
    near = [(a, e) for _, a, e, distance in sorted(pairs) if distance <= 30 * SECOND]
    for left in sorted(
        set(range(len(plays))) - set(row_of), key=lambda a: (plays[a]["ended_at"], plays[a]["track_id"])
    ):
        chains, seen = [[(left, -1)]], set()
        for chain in chains:
            wanting = chain[-1][0]
            for e in [e for a, e in near if a == wanting and e not in seen]:
                seen.add(e)
                holder = [a for a, taken in row_of.items() if taken == e]
                longer = [*chain[:-1], (wanting, e)]
                if not holder:
                    row_of |= dict(longer)
                    chains.clear()
                    break
                chains.append([*longer, (holder[0], -1)])
    return {a: rows[e]["import_id"] for a, e in row_of.items()}


@given(stories())
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_order_ends_in_the_same_listens(db: Database, person, tmp_path: Path, story: Story) -> None:
    ends = []
    for order in story.orders:
        someone = Person(Importer(db, tmp_path / str(next(_folders))), person(), story)
        for what, which in order:
            someone.act(what, which)
            someone.check()
        ends.append(someone.listens())
    if not any(off is not None for off in story.off):  # else the moment that was told first stays
        assert ends[0] == ends[1]
    assert Counter(row["source"] for row in ends[0]) == Counter(row["source"] for row in ends[1])
    known = {n for some in [*story.polls, *story.files] for n in some}
    assert Counter(_title(row["uri"], row["track_id"], db) for row in ends[0]) == Counter(
        f"Interleaved {story.plays[n].track}" for n in known
    )


_folders = count()


def _title(uri: str | None, track_id: int, db: Database) -> str:
    with db.driver() as connection:
        found = connection.execute("select name from tracks where id = %s", (track_id,)).fetchone()
    return str(found[0]) if found else ""
