"""Imports, polls, deletions and all their undos in any order end where a few plain rules say, play by play."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from exports import Importer, account_row, row
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reported import play, poll

from core.bootstrap import Playprint, build
from core.domain.deletions import Chosen
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Source
from core.domain.period import Period
from core.importing.sheets import check
from core.settings import Settings

PLAYS = 4
NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
FINE, ROUGH, TOLD = int(Source.SPOTIFY_EXPORT), int(Source.SPOTIFY_ACCOUNT), int(Source.SPOTIFY_API)
NAMES = {FINE: "Streaming_History_Audio_2024_0.json", ROUGH: "StreamingHistory_music_0.json"}
_folders = count()


@dataclass
class Known:
    """What is known of one play; rows of exports are (form, import), the API's report is live, parked or deleted."""

    live: tuple[int, int] | None = None
    waiting: list[tuple[int, int, int]] = field(default_factory=list)  # (form, import, the import it waits for)
    deleted: list[tuple[int, int, int]] = field(default_factory=list)  # (form, import, deletion)
    told: str = ""
    told_in: int = 0  # the deletion, where the report is deleted

    def bring(self, form: int, import_id: int) -> bool:
        """Import a row; return whether it stays deleted."""
        if self.deleted or self.told == "deleted":
            return True
        if self.live is None or (self.live[0] == ROUGH and form == FINE):
            if self.live:
                self.waiting.append((*self.live, import_id))
            self.live = (form, import_id)
        self.settle()
        return False

    def tell(self) -> None:
        """Hear of the play from the API."""
        if not self.told:
            self.told, self.told_in = ("deleted", self.deleted[0][2]) if self.deleted else ("live", 0)
        self.settle()

    def delete(self, deletion: int) -> None:
        """Delete it in every form."""
        if self.live:
            self.deleted = [(*self.live, deletion), *((form, of, deletion) for form, of, _ in self.waiting)]
            self.live, self.waiting = None, []
        if self.told:
            self.told, self.told_in = "deleted", deletion

    def undo_import(self, import_id: int) -> None:
        """Take an import's rows away; what waited for it comes forward."""
        self.deleted = [one for one in self.deleted if one[1] != import_id]
        self.waiting = [one for one in self.waiting if one[1] != import_id]
        if self.live and self.live[1] == import_id:
            back = [one for one in self.waiting if one[2] == import_id]
            self.live = back[0][:2] if back else None
            self.waiting = [one for one in self.waiting if one not in back]
        self.settle()

    def undo_deletion(self, deletion: int) -> None:
        """Put back what a deletion took: the finest row counts, others wait for it."""
        back = sorted(one for one in self.deleted if one[2] == deletion)
        if back:
            self.live, self.deleted = back[0][:2], []
            self.waiting = [(form, of, back[0][1]) for form, of, _ in back[1:]]
        if self.told_in == deletion:
            self.told, self.told_in = "live", 0
        self.settle()

    def purge(self, deletion: int) -> None:
        """Forget what a deletion took."""
        self.deleted = [one for one in self.deleted if one[2] != deletion]
        if self.told_in == deletion:
            self.told, self.told_in = "", 0

    def settle(self) -> None:
        """Let the report wait while an export holds the play."""
        if self.told in ("live", "parked"):
            self.told = "parked" if self.live else "live"

    @property
    def seen(self) -> bool:
        return bool(self.live) or self.told == "live"

    @property
    def deletions(self) -> set[int]:
        return {one[2] for one in self.deleted} | ({self.told_in} if self.told_in else set())

    def rows(self) -> list[tuple[str, int, int]]:
        """Return (table, source, the import waited for or the deletion)."""
        rows = [("listens", self.live[0], 0)] if self.live else []
        rows += [("replaced_listens", form, by) for form, _, by in self.waiting]
        rows += [("deleted_listens", form, deletion) for form, _, deletion in self.deleted]
        places = {"live": "listens", "parked": "replaced_listens", "deleted": "deleted_listens"}
        holder = {"live": 0, "parked": self.live[1] if self.live else 0, "deleted": self.told_in}
        return sorted([*rows, *([(places[self.told], TOLD, holder[self.told])] if self.told else [])])


class Somebody:
    """Somebody to whom it happens, in a real database, with what should be known of each play beside it."""

    def __init__(self, playing: Playprint, importer: Importer, user: int) -> None:
        self.playing, self.importer, self.user = playing, importer, user
        self.known = [Known() for _ in range(PLAYS)]
        self.imports: list[int] = []

    def act(self, what: str, which: list[int], at: int) -> None:
        """Do one thing to some plays, or undo one of the things done."""
        deletions = sorted(set().union(*(one.deletions for one in self.known)))
        if what in ("fine", "rough"):
            self._import(FINE if what == "fine" else ROUGH, which)
        elif what == "poll":
            poll(self.importer.db, self.user, [told(n) for n in which])
            for n in which:
                self.known[n].tell()
        elif what == "delete":
            self._delete(which)
        elif what == "undo import" and self.imports:
            import_id = self.imports.pop(at % len(self.imports))
            self.importer.importing.undo(self.user, import_id=import_id)
            for one in self.known:
                one.undo_import(import_id)
        elif what in ("undo deletion", "purge") and deletions:
            self._end(what, deletions[at % len(deletions)])

    def _import(self, form: int, which: list[int]) -> None:
        record = self.importer.rows(self.user, [file_row(form, n) for n in which], name=NAMES[form])
        assert record.sheet is not None, record.message
        check(record.sheet)
        self.imports.append(record.id)
        stay = sum(self.known[n].bring(form, record.id) for n in which)
        assert record.sheet.by_reason.get("deleted_by_you", 0) == stay

    def _delete(self, which: list[int]) -> None:
        chosen = [n for n in which if self.known[n].seen]
        if not chosen or len(chosen) == sum(one.seen for one in self.known):
            return
        library = self.playing.listening.library(self.user)
        ids = [library.tracks["id"][at] for at, name in enumerate(library.tracks["name"]) if name in map(title, chosen)]
        selection = Chosen(Lens(), Period(), Filters(tracks=tuple(ids)))
        made = self.playing.deleting.delete(self.user, label="x", chosen=selection, expected=len(chosen))
        for n in chosen:
            self.known[n].delete(made.id)

    def _end(self, what: str, deletion: int) -> None:
        if what == "purge":
            self.playing.deleting.purge(self.user, deletion_id=deletion)
            for one in self.known:
                one.purge(deletion)
            return
        before = sum(one.seen for one in self.known)
        back = self.playing.deleting.undo(self.user, deletion_id=deletion)
        for one in self.known:
            one.undo_deletion(deletion)
        assert back == sum(one.seen for one in self.known) - before

    def check(self) -> None:
        """Every table holds what the plain rules say, and figures follow."""
        found: dict[str, list[tuple[str, int, int]]] = {title(n): [] for n in range(PLAYS)}
        holders = {"listens": "0::bigint", "replaced_listens": "replaced_by", "deleted_listens": "deletion_id"}
        with self.importer.db.driver() as connection:
            for table, holder in holders.items():
                sql = f"select t.name, source, {holder} from {table} l join tracks t on t.id = track_id"
                for name, *rest in connection.execute(sql + " where user_id = %s", (self.user,)):
                    found[name].append((table, *rest))
        assert {name: sorted(rows) for name, rows in found.items()} == {
            title(n): one.rows() for n, one in enumerate(self.known)
        }
        there = {deletion.id for deletion in self.playing.deleting.deletions(self.user)}
        assert there == set().union(*(one.deletions for one in self.known))
        assert len(self.playing.listening.library(self.user).listens) == sum(one.seen for one in self.known)


def title(number: int) -> str:
    return f"Deletable {number}"


def ended(number: int) -> datetime:
    return NOON + timedelta(minutes=20 * number, seconds=31)


def file_row(form: int, number: int) -> dict[str, Any]:
    if form == ROUGH:
        return account_row(endTime=f"{ended(number):%Y-%m-%d %H:%M}", artistName="Gone", trackName=title(number))
    names = {"master_metadata_track_name": title(number), "master_metadata_album_artist_name": "Gone"}
    uri = f"spotify:track:deletablex{number:012d}"
    return row(ts=f"{ended(number):%Y-%m-%dT%H:%M:%SZ}", spotify_track_uri=uri, **names)


def told(number: int) -> Any:
    facts: dict[str, Any] = {"name": title(number), "artist": "Gone", "album": None}
    uri = f"spotify:track:deletablex{number:012d}"
    return play(uri=uri, played_at=ended(number) + timedelta(seconds=1.5), **facts)


@pytest.fixture
def playing(db: Any, redis_url: str, tmp_path: Path) -> Iterator[Playprint]:
    made = build(Settings(home=tmp_path, demo=False), database_url=db.url, redis_url=redis_url)
    yield made
    made.close()


ACTS = ["fine", "fine", "rough", "poll", "delete", "delete", "undo import", "undo deletion", "purge"]
some = st.lists(st.integers(0, PLAYS - 1), min_size=1, unique=True)
stories = st.lists(st.tuples(st.sampled_from(ACTS), some, st.integers(0, 5)), min_size=3, max_size=12)


@given(stories)
@example([("rough", [0], 0), ("fine", [0, 1], 0), ("delete", [0], 0), ("undo import", [0], 1)])
@example([("fine", [0, 1], 0), ("delete", [0], 0), ("poll", [0], 0), ("undo import", [0], 0)])
@example([("poll", [0, 1], 0), ("delete", [0], 0), ("fine", [0, 1], 0), ("undo deletion", [0], 0)])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_story_ends_as_the_rules_say(
    playing: Playprint, person: Any, tmp_path: Path, story: list[tuple[str, list[int], int]]
) -> None:
    someone = Somebody(playing, Importer(playing.db, tmp_path / str(next(_folders))), person())
    for what, which, at in story:
        someone.act(what, which, at)
        someone.check()
