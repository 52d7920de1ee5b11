"""The listening service on a real database: what each panel gets, and that nobody gets somebody else's."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from heard import listen
from stored import add, add_catalogue, add_person

from core.analytics.items import Found
from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.filters import Filters
from core.domain.lens import Exclusion, Lens
from core.domain.listen import Platform, Source, country_code
from core.domain.period import Period
from core.repositories.database import Database
from core.repositories.library import LibraryReader
from core.services.listening import Listening

LENS = Lens(timezone="Europe/Berlin")
MAY, JUNE = Period.month(2024, 5), Period.month(2024, 6)
GERMANY = country_code("DE")
# Alice: Waterloo and its live version are one recording; May has two plays and a skip, June three plays of two artists.
ALICE = [
    listen("2024-05-01T10:00", track=3, country=GERMANY),
    listen("2024-05-02T10:00", track=7, platform=2),
    listen("2024-05-02T10:05", track=1, ms=5_000, reason_end=2),
    listen("2024-06-01T21:30", track=1),
    listen("2024-06-01T22:30", track=3),
    listen("2024-06-03T10:00", track=4, source=2),
]


@pytest.fixture
def people(fresh_db: Database) -> tuple[Database, int, int]:
    """Return a database, Alice with listens, and Charlie without."""
    add_catalogue(fresh_db)
    alice, charlie = add_person(fresh_db, "alice"), add_person(fresh_db, "charlie")
    add(fresh_db, alice, ALICE, import_id=1)
    return fresh_db, alice, charlie


@pytest.fixture
def service(people: tuple[Database, int, int], redis_url: str) -> Iterator[Listening]:
    cache = Cache(redis_url)
    yield Listening(people[0], cache, memory_bytes=10**8)
    for person in people[1:]:
        cache.delete(f"u:{person}:library")
    cache.close()


@pytest.fixture
def alice(people: tuple[Database, int, int]) -> int:
    return people[1]


@pytest.fixture
def charlie(people: tuple[Database, int, int]) -> int:
    return people[2]


def test_totals_come_with_those_of_the_period_before(service: Listening, alice: int) -> None:
    june = service.totals(alice, lens=LENS, period=JUNE)
    assert (june.now.listens, june.now.plays, june.now.ms_played, june.now.artists) == (3, 3, 600_000, 3)
    assert june.before is not None
    assert (june.before.listens, june.before.plays, june.before.artists, june.before.skips) == (3, 2, 1, 1)
    assert service.totals(alice, lens=LENS).before is None
    assert service.totals(alice, lens=LENS, period=MAY).before is None  # nothing was heard before


def test_the_summary_is_what_the_command_prints(service: Listening, alice: int) -> None:
    first, last = datetime(2024, 5, 1, 10, tzinfo=UTC), datetime(2024, 6, 3, 10, tzinfo=UTC)
    counts = {"listens": 6, "plays": 5, "ms_played": 1_005_000, "artists": 3, "albums": 3, "tracks": 3}
    assert service.summary(alice, lens=LENS) == counts | {"first": first, "last": last}
    assert service.span(alice, lens=LENS) == (date(2024, 5, 1), date(2024, 6, 3))


def test_top_shows_the_change_of_rank(service: Listening, alice: int) -> None:
    found = service.top(alice, by="track", lens=LENS, period=JUNE)
    columns = ["rank", "id", "name", "artist", "artist_id", "plays", "ms_played", "share", "rank_before", "change"]
    assert found.columns == columns
    artists = service.top(alice, by="artist", lens=LENS, period=JUNE)
    assert (
        dict(zip(found["artist"], found["artist_id"], strict=True)).items()
        <= dict(artists.select("name", "id").iter_rows()).items()
    )
    assert found.select("rank", "id", "rank_before", "change").rows() == [
        (1, 1, None, None),
        (2, 3, 1, -1),
        (3, 4, None, None),
    ]
    apart = service.top(alice, by="track", lens=Lens(merge_recordings=False))
    assert apart.select("id", "plays").rows() == [(3, 2), (1, 1), (4, 1), (7, 1)]
    assert service.top(alice, by="artist", metric="time", lens=LENS, limit=1)["name"].to_list() == ["abba"]


def test_a_timeline_stands_beside_the_period_before(service: Listening, alice: int) -> None:
    found = service.timeline(alice, unit="month", lens=LENS, period=JUNE)
    assert found.rows() == [(date(2024, 6, 1), 3, 600_000, 2, 405_000)]
    assert service.timeline(alice, unit="month", lens=LENS, period=JUNE, compare=False).width == 3
    days = service.timeline(alice, lens=LENS, period=JUNE)
    assert days.height == 30
    assert days["plays"].to_list()[:3] == [1, 1, 1]  # 22:30 UTC is after midnight in Berlin


def test_the_clock_is_local(service: Listening, alice: int) -> None:
    heard = {(r[0], r[1]): r[2] for r in service.weekday_hours(alice, lens=LENS, period=JUNE).rows() if r[2]}
    assert heard == {(5, 23): 1, (6, 0): 1, (0, 12): 1}
    assert service.hours(alice, lens=LENS)["plays"].sum() == 5


def test_discoveries_and_novelty(service: Listening, alice: int) -> None:
    assert service.discoveries(alice, by="artist", lens=LENS, period=JUNE)["name"].to_list() == ["Björk", "ABBA"]
    assert service.discoveries(alice, by="artist", lens=LENS, period=JUNE, filters=Filters(artists=(12,))).is_empty()
    assert service.novelty(alice, by="artist", lens=LENS).select("plays", "discoveries").rows() == [(2, 1), (3, 2)]


def test_streaks(service: Listening, alice: int) -> None:
    found = service.streaks(alice, today=date(2024, 6, 4), lens=LENS)
    assert found.longest is not None
    assert found.current is not None
    assert (found.longest.start, found.longest.days) == (date(2024, 6, 1), 3)
    assert found.current == found.longest
    later = service.streaks(alice, today=date(2024, 6, 5), lens=LENS)
    assert later.current is None
    abba = service.streaks(alice, today=date(2024, 6, 4), lens=LENS, filters=Filters(artists=(12,)))
    assert (abba.longest.days if abba.longest else 0) == 2


def test_history_pages(service: Listening, alice: int) -> None:
    page = service.page(alice, lens=LENS, limit=2, offset=1)
    assert page.total == 6
    assert page.rows["name"].to_list() == ["Waterloo", "Human Behaviour"]
    assert service.page(alice, lens=LENS, filters=Filters(search="waterLOO")).total == 4
    assert service.skips(alice, by="artist", lens=LENS).is_empty()  # under twenty starts


def test_sparklines_series_and_ranks(service: Listening, alice: int) -> None:
    assert service.sparklines(alice, by="artist", ids=[11, 12], lens=LENS).rows() == [(11, [0, 1]), (12, [2, 1])]
    assert service.series(alice, by="artist", ids=[12], lens=LENS)["plays"].to_list() == [2, 1]
    ranks = service.rank_history(alice, by="artist", n=1, lens=LENS)
    assert ranks.select("name", "rank").rows() == [("abba", 1), ("abba", 1)]


def test_an_items_facts(service: Listening, alice: int) -> None:
    track = service.item(alice, kind="track", id=7, lens=LENS)
    assert (track.name, track.artist, track.album_id, track.track_ids) == ("Waterloo (live)", "abba", 0, (3, 7))
    assert (track.totals.plays, track.rank, track.uri, track.length_ms) == (3, 1, "uri:7", 200_000)
    artist = service.item(alice, kind="artist", id=12, lens=LENS, period=JUNE)
    assert (artist.totals.plays, artist.share, artist.first) == (1, 1 / 3, ALICE[0].ended)
    album = service.item(alice, kind="album", id=21, lens=LENS)
    assert (album.name, album.artist, album.artist_id) == ("Debut", "Björk", 11)
    for kind, id in (("track", 5), ("artist", 14), ("album", 24), ("artist", 0), ("artist", 99)):
        with pytest.raises(NotFound):
            service.item(alice, kind=kind, id=id, lens=LENS)  # type: ignore[arg-type]


def test_finding_by_name(service: Listening, alice: int) -> None:
    found = service.search(alice, "aBBa", lens=LENS)
    assert found == [Found("artist", 12, "abba", "abba", 3), Found("artist", 13, "ABBA", "ABBA", 1)]
    assert service.search(alice, "", lens=LENS) == []


def test_an_export_holds_the_selection(service: Listening, alice: int) -> None:
    table = service.export(alice, lens=LENS, period=JUNE)
    assert isinstance(table, pa.Table)
    assert table.column("track").to_pylist() == ["Human Behaviour", "Waterloo", "Waterloo"]
    assert table.column("ended_local").to_pylist()[0].isoformat() == "2024-06-01T23:30:00+02:00"


def test_choices(service: Listening, alice: int) -> None:
    found = service.choices(alice, lens=LENS)
    assert found.countries == ("DE",)
    assert found.platforms == (Platform.MOBILE, Platform.DESKTOP)
    assert found.sources == (Source.SPOTIFY_EXPORT, Source.SPOTIFY_ACCOUNT)
    assert found.years == (2024,)


def test_another_lens_and_new_data_show_at_once(
    service: Listening, people: tuple[Database, int, int], alice: int
) -> None:
    assert service.summary(alice, lens=LENS)["plays"] == 5
    assert service.summary(alice, lens=Lens(rule="start"))["plays"] == 6
    without = Lens(exclusions=(Exclusion("track", 3),))
    assert service.summary(alice, lens=without)["plays"] == 2
    add(people[0], alice, [listen("2024-07-01T10:00")], import_id=2)
    assert service.summary(alice, lens=LENS)["plays"] == 6


def test_views_are_shared_by_panels_and_go_with_their_library(
    service: Listening, people: tuple[Database, int, int], alice: int
) -> None:
    first = service.view(alice, lens=LENS, period=MAY)
    assert service.view(alice, lens=Lens(timezone="Europe/Berlin"), period=Period.month(2024, 5)) is first
    add(people[0], alice, [listen("2024-07-01T10:00")], import_id=2)
    second = service.view(alice, lens=LENS, period=JUNE)
    assert second.library is not first.library
    assert list(service._views.values()) == [second]
    small = Listening(people[0], service._libraries._cache, memory_bytes=4 * 48 * 9)
    views = [small.view(alice, lens=LENS, period=period) for period in (MAY, JUNE, Period())]
    assert list(small._views.values()) == views[2:]
    service.forget_views()
    assert service.view(alice, lens=LENS, period=JUNE) is not second


def test_each_call_asks_for_the_data_version_once(
    service: Listening, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.totals(alice, lens=LENS)  # reading it anew asks once more
    asked, version = [], LibraryReader.version
    monkeypatch.setattr(LibraryReader, "version", lambda self, user_id: asked.append(user_id) or version(self, user_id))
    service.totals(alice, lens=LENS, period=JUNE)
    service.discoveries(alice, by="artist", lens=LENS, period=JUNE)
    service.item(alice, kind="artist", id=11, lens=LENS, period=JUNE)
    assert asked == [alice] * 3


def test_charlie_gets_nothing_of_alices(service: Listening, alice: int, charlie: int) -> None:
    service.totals(alice, lens=LENS)
    today = date(2024, 6, 4)
    assert service.totals(charlie, lens=LENS).now.listens == 0
    assert service.summary(charlie, lens=LENS)["first"] is None
    assert service.span(charlie, lens=LENS) is None
    for by in ("artist", "album", "track"):
        assert service.top(charlie, by=by, lens=LENS).is_empty()
        assert service.discoveries(charlie, by=by, lens=LENS).is_empty()
        assert service.novelty(charlie, by=by, lens=LENS).is_empty()
        assert service.skips(charlie, by=by, lens=LENS).is_empty()
        assert service.sparklines(charlie, by=by, ids=[3, 11, 21], lens=LENS).is_empty()
        assert service.series(charlie, by=by, ids=[3, 11, 21], lens=LENS).is_empty()
        assert service.rank_history(charlie, by=by, lens=LENS).is_empty()
        with pytest.raises(NotFound):
            service.item(charlie, kind=by, id={"artist": 11, "album": 21, "track": 3}[by], lens=LENS)
    assert service.timeline(charlie, lens=LENS).is_empty()
    assert service.timeline(charlie, lens=LENS, period=JUNE)["plays"].sum() == 0
    assert service.weekday_hours(charlie, lens=LENS)["ms_played"].sum() == 0
    assert service.hours(charlie, lens=LENS)["plays"].sum() == 0
    assert service.streaks(charlie, today=today, lens=LENS).longest is None
    assert service.page(charlie, lens=LENS).total == 0
    assert service.search(charlie, "a", lens=LENS) == []
    assert service.export(charlie, lens=LENS).num_rows == 0
    assert service.choices(charlie, lens=LENS).years == ()
    with pytest.raises(NotFound):
        service.totals(charlie + 1, lens=LENS)


def test_an_unknown_timezone_is_one_sentence(service: Listening, alice: int) -> None:
    from core.domain.errors import InvalidInput

    with pytest.raises(InvalidInput, match="no timezone"):
        service.totals(alice, lens=Lens(timezone="Middle-earth/Shire"))
