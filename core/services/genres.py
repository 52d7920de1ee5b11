"""Genres of artists for pages, and a person's own corrections of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.analytics.knowledge import OWN, SHIPPED, TAGS
from core.domain.errors import InvalidInput, NotFound
from core.repositories.database import Database
from core.repositories.genre_corrections import GenreCorrectionRows
from core.services.genre_map import read_tree
from core.services.knowledge import MOST_GENRES
from core.services.listening import Listening

# Who says so: the person, the tags of MusicBrainz's users, Playprint's own map, nobody.
GenreSource = Literal["own", "tags", "shipped", "unknown"]
_SOURCES: dict[int, GenreSource] = {OWN: "own", TAGS: "tags", SHIPPED: "shipped"}


@dataclass(frozen=True, slots=True)
class ArtistGenres:
    """The genres of an artist, the heaviest first, their weights (sum 1), and who says so."""

    genres: tuple[str, ...]
    weights: tuple[float, ...]
    source: GenreSource


class Genres:
    """What genres there are, which an artist has, and how a person puts them right."""

    def __init__(self, db: Database, listening: Listening) -> None:
        """Keep corrections in ``db``; what is known of a person's artists comes with their library."""
        self._rows, self._listening = GenreCorrectionRows(db), listening

    def names(self) -> tuple[str, ...]:
        """Return all genres to choose from, A-Z."""
        return read_tree().names

    def families(self) -> tuple[str, ...]:
        """Return the families genres roll up into."""
        return read_tree().families

    def family_of(self, name: str) -> str | None:
        """Return the family of a genre; ``None`` for what is no genre."""
        tree = read_tree()
        return tree.families[tree.family[tree.names.index(name)]] if name in tree.names else None

    def within(self, family: str) -> tuple[str, ...]:
        """Return the genres of a family, A-Z."""
        tree = read_tree()
        return tuple(n for n, at in zip(tree.names, tree.family, strict=True) if tree.families[at] == family)

    def of(self, user_id: int, *, artist_id: int) -> ArtistGenres:
        """Return the genres of an artist as this person's figures count them; ``NotFound`` for one they never heard."""
        library = self._listening.library(user_id)
        code, known = self._code(user_id, artist_id), library.knowledge.genres
        mine = np.flatnonzero(known.artist == code)
        mine = mine[np.argsort(-known.weight[mine], kind="stable")]
        return ArtistGenres(
            tuple(known.names[at] for at in known.genre[mine]),
            tuple(float(weight) for weight in known.weight[mine]),
            _SOURCES.get(int(known.source[code]), "unknown") if len(mine) else "unknown",
        )

    def correct(self, user_id: int, *, artist_id: int, genres: Sequence[str]) -> None:
        """Give an artist one to five genres of this person's own choice, the first counting most.

        Raises:
            InvalidInput: none, too many, or a genre Playprint does not know.
            NotFound: this person never heard the artist.
        """
        self._code(user_id, artist_id)
        chosen, known = tuple(dict.fromkeys(genres)), set(read_tree().names)
        if not 1 <= len(chosen) <= MOST_GENRES:
            raise InvalidInput(f"Choose one to {MOST_GENRES} genres.")
        if not set(chosen) <= known:
            raise InvalidInput("There is a genre among these that Playprint does not know; choose from the list.")
        self._rows.put(user_id, artist_id=artist_id, genres=chosen)

    def reset(self, user_id: int, *, artist_id: int) -> None:
        """Take this person's own genres of an artist back; without any, nothing changes."""
        self._rows.drop(user_id, artist_id=artist_id)

    def corrections(self, user_id: int) -> dict[int, tuple[str, ...]]:
        """Return this person's own genres by artist."""
        return self._rows.of(user_id)

    def _code(self, user_id: int, artist_id: int) -> int:
        code = self._listening.library(user_id).code("artist", artist_id)
        if code < 0:
            raise NotFound("This artist is not in your listening history; look it up on the History page.")
        return code
