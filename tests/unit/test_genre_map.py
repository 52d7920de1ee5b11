"""The shipped tree of genres and the map of artists: read whole, nothing twice, every genre at home."""

from pathlib import Path

import pytest

from core.demo.catalogue import read_catalogue
from core.domain.errors import InvalidInput
from core.domain.names import name_key
from core.services.genre_map import CATALOGUE, FOLDER, genre_key, read_artists, read_tree, read_years


def test_the_tree_has_about_twenty_families_and_many_genres() -> None:
    tree = read_tree()
    assert 18 <= len(tree.families) <= 24
    assert len(tree.names) >= 350
    assert len(tree.places) >= 900
    assert set(tree.family.tolist()) == set(range(len(tree.families)))
    assert list(tree.names) == sorted(set(tree.names))


def test_names_tell_genres_from_families_and_fit_an_address() -> None:
    tree = read_tree()
    assert all(family[0].isupper() for family in tree.families)
    assert all(name == name.lower() for name in tree.names)
    assert not any("," in name for name in (*tree.names, *tree.families))
    assert "Unknown" not in tree.families


@pytest.mark.parametrize(
    ("word", "genre"),
    [
        ("Hip Hop", "hip-hop"),
        ("synthpop", "synth-pop"),
        ("rhythm and blues", "r&b"),
        ("R & B", "r&b"),
        ("rock ’n’ roll", "rock and roll"),
        ("Drum & Bass", "drum and bass"),
        ("swedish death metal", "death metal"),
        ("k_pop", "k-pop"),
    ],
)
def test_other_spellings_and_longer_names_find_their_genre(word: str, genre: str) -> None:
    tree = read_tree()
    assert tree.names[tree.place(word)] == genre


@pytest.mark.parametrize("word", ["", "seen live", "80s", "metalhead"])
def test_what_is_no_genre_finds_none(word: str) -> None:
    assert read_tree().place(word) == -1


def test_the_map_knows_the_best_known_artists_with_one_to_three_genres() -> None:
    artists = read_artists()
    assert len(artists) >= 1_200
    assert all(1 <= len(each.genres) <= 3 and len(set(each.genres)) == len(each.genres) for each in artists.values())
    names = read_tree().names
    assert next(names[at] for at in artists[name_key("Miles Davis")].genres) == "jazz"
    assert artists[name_key("Björk")].country == "IS"


def test_every_artist_of_the_demo_has_a_genre_of_their_own_words() -> None:
    catalogue, tree, artists = read_catalogue(CATALOGUE), read_tree(), read_artists()
    assert [word for words in catalogue.genres for word in words if tree.place(word) < 0] == []
    assert [name for name in catalogue.artists if not artists[name_key(name)].genres] == []


def test_no_country_of_the_map_differs_from_the_demos() -> None:
    catalogue, artists = read_catalogue(CATALOGUE), read_artists()
    pairs = zip(catalogue.artists, catalogue.countries, strict=True)
    assert [(n, c, artists[name_key(n)].country) for n, c in pairs if artists[name_key(n)].country != c] == []


def test_editions_of_an_album_have_its_first_year() -> None:
    beatles = read_years()[name_key("The Beatles")]
    assert beatles["abbey road"] == 1969


BROKEN = {
    "Rock\n  rock; rock\n": "twice",
    "Rock\n  rock = stone\nPop\n  pop = stone\n": "means two genres",
    "Rock\n  rock;;\n": "without a name",
}


@pytest.mark.parametrize(("text", "words"), BROKEN.items())
def test_a_broken_tree_names_its_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "tree.txt").write_text(text)
    with pytest.raises(InvalidInput, match=rf"tree\.txt line \d.*{words}"):
        read_tree(tmp_path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rock | US", "three|genres, a country"),
        ("rock | USA | A", "a country"),
        ("polka dots | US | A", "not in tree"),
        ("rock | US | A; a", "a second time"),
    ],
)
def test_a_broken_map_names_its_line(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "tree.txt").write_text((FOLDER / "tree.txt").read_text())
    (tmp_path / "artists_x.txt").write_text(f"# remark\n{line}\n")
    with pytest.raises(InvalidInput, match=rf"line 2.*({words})"):
        read_artists(tmp_path)


def test_keys_of_genres_are_plain() -> None:
    assert genre_key(" Children’s_Music ") == "childrens music"
