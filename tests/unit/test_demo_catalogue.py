"""The hand-made catalogue, and what is said about a line that cannot be read."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from core.demo.catalogue import Catalogue, read_catalogue
from core.demo.genres import GROUPS, group_of
from core.domain.errors import InvalidInput
from core.services.demo import CATALOGUE


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(CATALOGUE)


def test_it_is_large_enough(catalogue: Catalogue) -> None:
    assert len(catalogue.artists) >= 300
    assert len(catalogue.tracks) >= 2_000
    assert len(catalogue.albums) >= 500


def test_artists_are_there_once_and_have_music(catalogue: Catalogue) -> None:
    assert max(Counter(name.casefold() for name in catalogue.artists).values()) == 1
    assert set(catalogue.track_artist.tolist()) == set(range(len(catalogue.artists)))
    assert all(catalogue.genres)
    assert len(set(catalogue.countries)) >= 15


def test_years_and_lengths_are_sane(catalogue: Catalogue) -> None:
    minutes = catalogue.track_ms / 60_000
    assert catalogue.album_year.min() >= 1920
    assert catalogue.album_year.max() <= 2026
    assert minutes.min() > 0.3
    assert (minutes > 20).sum() < 20
    assert 2.5 < np.median(minutes) < 5
    assert (catalogue.album_year >= 2019).sum() >= 40, "a life until 2026 needs new albums"


def test_every_group_of_genres_has_artists(catalogue: Catalogue) -> None:
    groups = Counter(group_of(*each) for each in zip(catalogue.genres, catalogue.countries, strict=True))
    assert set(groups) == set(range(len(GROUPS)))


def test_a_line_is_read_as_written(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(
        "# a comment\n\n@ AC/DC | hard rock; Rock | AU\nT; N; T | 1976 | One; Two ~1:05\n", encoding="utf-8"
    )
    with pytest.raises(InvalidInput, match="line 4"):
        read_catalogue(tmp_path)
    (tmp_path / "1.txt").write_text("@ AC/DC | hard rock; Rock | AU\nT.N.T. | 1976 | T.N.T. ~3:35; High ~5:09", "utf-8")
    found = read_catalogue(tmp_path)
    assert (found.artists, found.genres, found.countries) == (["AC/DC"], [("hard rock", "rock")], ["AU"])
    assert (found.albums, found.tracks) == (["T.N.T."], ["T.N.T.", "High"])
    assert found.track_ms.tolist() == [215_000, 309_000]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Album | 1990", "three parts"),
        ("Album | | Song ~3:00", "three parts"),
        ("Album | soon | Song ~3:00", "a year from"),
        ("Album | 1890 | Song ~3:00", "a year from"),
        ("Album | 1990 | Song 3:00", "not `Track ~m:ss`"),
        ("Album | 1990 | Song ~3:61", "not `Track ~m:ss`"),
        ("Album | 1990 | Song ~0:05", "unlikely length"),
        ("Album | 1990 | Song ~3:00; song ~4:00", "repeats the track"),
        ("@ Other | pop | Germany", "two capital letters"),
        ("@ band | pop | DE", "repeats the artist"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "07_pop.txt").write_text(f"@ Band | pop | DE\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_catalogue(tmp_path)
    assert words in refused.value.message
    assert "07_pop.txt line 2" in refused.value.message


def test_an_album_needs_an_artist_and_a_folder_music(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no catalogue"):
        read_catalogue(tmp_path)
    (tmp_path / "1.txt").write_text("Album | 1990 | Song ~3:00\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="before any artist"):
        read_catalogue(tmp_path)
