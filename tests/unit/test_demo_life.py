"""The invented life: always the same, in the shape of a real export, and believable."""

import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.demo.calendar import FIRST, LAST, QUIET
from core.demo.catalogue import Catalogue, read_catalogue
from core.demo.export import FOLDER, ROWS_PER_FILE, write_export
from core.demo.items import invented_key
from core.demo.life import NEW_ERA, Life, live
from core.demo.listing import Account
from core.demo.shelves import account_of
from core.services.demo import CATALOGUE

Row = dict[str, Any]
BERLIN = ZoneInfo("Europe/Berlin")
KEYS = [
    "ts", "platform", "ms_played", "conn_country", "ip_addr",
    "master_metadata_track_name", "master_metadata_album_artist_name", "master_metadata_album_album_name",
    "spotify_track_uri", "episode_name", "episode_show_name", "spotify_episode_uri",
    "audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title",
    "reason_start", "reason_end", "shuffle", "skipped", "offline", "offline_timestamp", "incognito_mode",
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(CATALOGUE)


@pytest.fixture(scope="module")
def life(catalogue: Catalogue) -> Life:
    return live(catalogue)


@pytest.fixture(scope="module")
def account(catalogue: Catalogue, life: Life) -> Account:
    return account_of(catalogue, life)


@pytest.fixture(scope="module")
def export(life: Life, account: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.zip"
    write_export(life, path, account)
    return path


@pytest.fixture(scope="module")
def files(export: Path) -> dict[str, list[Row]]:
    with zipfile.ZipFile(export) as archive:
        names = [name for name in archive.namelist() if name.startswith(f"{FOLDER}/") and not name.endswith("/")]
        return {name: json.loads(archive.read(name)) for name in names}


@pytest.fixture(scope="module")
def rows(files: dict[str, list[Row]]) -> list[Row]:
    return [row for name, part in files.items() if "Audio" in name for row in part]


@pytest.fixture(scope="module")
def music(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["spotify_track_uri"]]


def heard_on(rows: list[Row]) -> set[date]:
    """Return the local days with a play."""
    ends = (datetime.fromisoformat(row["ts"]) for row in rows if row["ms_played"] >= 30_000 and not row["offline"])
    return {end.astimezone(BERLIN).date() for end in ends}


def test_the_same_seed_gives_the_same_bytes(catalogue: Catalogue, export: Path, tmp_path: Path) -> None:
    again = live(catalogue)
    write_export(again, tmp_path / "again.zip", account_of(catalogue, again))
    assert (tmp_path / "again.zip").read_bytes() == export.read_bytes()


def test_another_seed_gives_another_life(catalogue: Catalogue, life: Life) -> None:
    assert len(live(catalogue, seed=7).ts) != len(life.ts)


def test_the_zip_looks_like_a_real_one(export: Path, files: dict[str, list[Row]]) -> None:
    names = list(files)
    assert names[0].startswith(f"{FOLDER}/Streaming_History_Audio_2018-")
    assert names[-2].endswith(f"_{len(names) - 2}.json")
    assert names[-1].startswith(f"{FOLDER}/Streaming_History_Video_")
    assert all(0 < len(part) <= ROWS_PER_FILE for part in files.values())
    with zipfile.ZipFile(export) as archive:
        folder = archive.infolist()[len(names)]
        assert (folder.filename, archive.read(folder)) == (f"{FOLDER}/", b"placeholder")
        first = archive.read(names[0]).decode()
    assert first.startswith('[\n  {\n    "ts": "2018-11-')
    assert first.endswith("\n  }\n]")
    assert "\\u" not in first


def test_rows_have_the_keys_of_2025_in_their_order(files: dict[str, list[Row]]) -> None:
    for part in files.values():
        assert all(list(row) == KEYS for row in part)
        assert [row["ts"] for row in part] == sorted(row["ts"] for row in part)


def test_nothing_in_it_is_anybodys(files: dict[str, list[Row]], life: Life) -> None:
    everything = [row for part in files.values() for row in part]
    assert all(row["ip_addr"].startswith("192.0.2.") for row in everything)
    uris = {row["spotify_track_uri"] for row in everything if row["spotify_track_uri"]}
    assert all(len(uri) == len("spotify:track:") + 22 and uri.rsplit(":", 1)[1].isalnum() for uri in uris)
    assert len({item.key for item in life.items}) == len(life.items)
    assert invented_key("a", "b") != invented_key("ab", "")


def test_size_and_span(rows: list[Row]) -> None:
    assert 60_000 <= len(rows) <= 80_000
    assert rows[0]["ts"][:7] == "2018-11"
    assert LAST - timedelta(days=3) <= date.fromisoformat(rows[-1]["ts"][:10]) <= LAST
    assert all(0 <= row["ms_played"] < 3 * 3_600_000 for row in rows)


def test_it_is_a_day_of_a_person(music: list[Row]) -> None:
    hours = Counter(datetime.fromisoformat(row["ts"]).astimezone(BERLIN).hour for row in music)
    night = sum(hours[hour] for hour in (2, 3, 4)) / len(music)
    evening = sum(hours[hour] for hour in range(18, 23)) / len(music)
    assert night < 0.02
    assert 0.2 < evening < 0.5


def test_skips(music: list[Row]) -> None:
    late = [row for row in music if row["ts"] >= "2022-10-15"]
    assert 0.10 < np.mean([row["reason_end"] == "fwdbtn" for row in music]) < 0.25
    assert 0.10 < np.mean([row["skipped"] for row in late]) < 0.25
    assert not any(row["skipped"] for row in music if row["ts"] < "2022-10-14")
    shuffled, straight = ([row["skipped"] for row in late if row["shuffle"] is how] for how in (True, False))
    assert np.mean(shuffled) > 1.5 * np.mean(straight)


def test_many_artists_and_discoveries_every_year(music: list[Row]) -> None:
    first: dict[str, str] = {}
    for row in music:
        first.setdefault(row["master_metadata_album_artist_name"], row["ts"][:4])
    assert len(first) >= 250
    years = Counter(first.values())
    assert all(years[str(year)] >= 12 for year in range(FIRST.year, LAST.year + 1))


def test_fevers_pass_and_favourites_stay(music: list[Row]) -> None:
    years: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in music:
        years[row["master_metadata_album_artist_name"]][row["ts"][:4]] += 1
    forgotten = [artist for artist, n in years.items() if max(n.values()) >= 60 and n["2026"] <= max(n.values()) // 20]
    lasting = [artist for artist, n in years.items() if min(n[str(year)] for year in range(2019, 2027)) >= 15]
    assert len(forgotten) >= 8
    assert len(lasting) >= 5


def test_nothing_is_heard_before_it_was_out(life: Life, catalogue: Catalogue) -> None:
    tracks = life.item < len(catalogue.tracks)
    heard = life.ts[tracks].astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
    assert (heard >= catalogue.album_year[catalogue.track_album[life.item[tracks]]]).all()


def test_christmas_songs_belong_to_december(music: list[Row]) -> None:
    months = Counter(row["ts"][5:7] for row in music if "christmas" in row["master_metadata_track_name"].lower())
    assert months["12"] >= 50
    assert set(months) <= {"12"}


def test_a_child_sings_in_the_mornings(life: Life, catalogue: Catalogue) -> None:
    children = np.array([any("child" in genre for genre in genres) for genres in catalogue.genres])
    known = life.item < len(catalogue.tracks)
    songs = np.zeros(len(life.ts), dtype=bool)
    songs[known] = children[catalogue.track_artist[life.item[known]]]
    hours = [datetime.fromtimestamp(int(ts), UTC).astimezone(BERLIN).hour for ts in life.ts[songs & ~life.offline]]
    assert len(hours) > 500
    assert np.mean([5 <= hour <= 8 for hour in hours]) > 0.8
    assert datetime.fromtimestamp(int(life.ts[songs].min()), UTC).year == 2023


def test_offline_batches_share_one_moment(rows: list[Row]) -> None:
    batches: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["offline"]:
            batches[row["ts"]].append(row)
    sizes = [len(batch) for batch in batches.values()]
    assert len(sizes) >= 30
    assert 30 <= max(sizes) <= 150
    for ts, batch in batches.items():
        synced = datetime.fromisoformat(ts).timestamp()
        starts = [row["offline_timestamp"] // (1000 if row["offline_timestamp"] > 10**11 else 1) for row in batch]
        assert all(start + row["ms_played"] / 1000 <= synced for start, row in zip(starts, batch, strict=True))
        assert synced - min(starts) < 8 * 86_400


def test_starts_are_known_as_in_real_exports(rows: list[Row]) -> None:
    for row in rows:
        stamp, ended = row["offline_timestamp"], datetime.fromisoformat(row["ts"]).timestamp()
        if row["offline"]:
            assert (stamp > 10**11) == (ended < NEW_ERA)
        elif ended < NEW_ERA:
            assert stamp is None
    late = [row for row in rows if row["ts"] >= "2022-10-15"]
    assert 0.9 < np.mean([bool(row["offline_timestamp"]) for row in late]) < 1


def test_quiet_weeks_break_the_streaks(rows: list[Row]) -> None:
    days = heard_on(rows)
    for start, length in QUIET:
        assert not days & {start + timedelta(days=n) for n in range(1, length)}
    assert 0.7 < len(days) / ((LAST - FIRST).days + 1) < 0.97


def streaks(days: set[date]) -> Iterator[int]:
    """Yield the length of each run of days."""
    length = 0
    for n in range((LAST - FIRST).days + 2):
        if FIRST + timedelta(days=n) in days:
            length += 1
        elif length:
            yield length
            length = 0


def test_streaks_have_all_lengths(rows: list[Row]) -> None:
    found = list(streaks(heard_on(rows)))
    assert len(found) > 40
    assert 20 < max(found) < 365


def test_the_oddities_of_real_exports_are_there(files: dict[str, list[Row]], rows: list[Row]) -> None:
    texts = Counter(json.dumps(row) for row in rows)
    assert 20 <= sum(n - 1 for n in texts.values()) <= 60
    names = ("spotify_track_uri", "spotify_episode_uri", "audiobook_uri")
    kinds = Counter(next((name for name in names if row[name]), "nothing") for row in rows)
    assert kinds["spotify_episode_uri"] > 200
    assert kinds["audiobook_uri"] > 20
    assert 10 <= kinds["nothing"] <= 40
    assert sum(row["incognito_mode"] for row in rows) > 100
    assert len(next(part for name, part in files.items() if "Video" in name)) == 120
    assert len({row["conn_country"] for row in rows}) >= 10
    platforms = {row["platform"] for row in rows}
    assert {"ios", "cast", "web_player", "not_applicable"} <= platforms
    assert any(each.startswith("Android OS 9") for each in platforms)
