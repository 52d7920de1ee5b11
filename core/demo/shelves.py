"""The saved library of the invented person: songs, albums, artists and shows she marked, some never heard since."""

import numpy as np

from core.demo.catalogue import Catalogue
from core.demo.heard import Heard
from core.demo.life import Life
from core.demo.listing import Account, Shelves
from core.demo.lists import lists_of

_TRACKS, _ALBUMS, _ARTISTS = 420, 70, 60
_UNHEARD_TRACKS, _UNHEARD_ALBUMS = 14, 6


def account_of(catalogue: Catalogue, life: Life) -> Account:
    """Return the lists and the saved library of a life: the same life always has the same."""
    heard = Heard(catalogue, life)
    return Account(lists_of(life, heard), _shelves(catalogue, life, heard))


def _shelves(catalogue: Catalogue, life: Life, heard: Heard) -> Shelves:
    """Return what is saved: what was played most, and some that was not played at all."""
    items, ordinary = life.items, ~heard.of("christmas", "children")
    unheard = np.flatnonzero(ordinary & (heard.starts == 0))
    plays = np.bincount(catalogue.track_album, weights=heard.plays, minlength=len(catalogue.albums))
    starts = np.bincount(catalogue.track_album, weights=heard.starts, minlength=len(catalogue.albums))
    silent = np.flatnonzero(starts == 0)[:_UNHEARD_ALBUMS]
    first = np.searchsorted(catalogue.track_album, np.arange(len(catalogue.albums)))
    albums = [*np.argsort(-plays, kind="stable")[:_ALBUMS], *silent]
    by_artist = np.bincount(catalogue.track_artist, weights=heard.plays, minlength=len(catalogue.artists))
    leading = np.argsort(-by_artist, kind="stable")[:_ARTISTS]
    spoken = [item for item in items if item.kind == "podcast"]
    shows = {item.within: item for item in spoken}
    return Shelves(
        tuple(items[n] for n in [*heard.most(_TRACKS, heard.plays, ordinary), *unheard[-_UNHEARD_TRACKS:].tolist()]),
        tuple(items[first[album]] for album in albums),
        tuple(catalogue.artists[artist] for artist in leading),
        tuple(shows.values()),
        tuple(spoken[-6:]),
        (catalogue.artists[int(np.argmin(np.where(by_artist >= 10, by_artist, np.inf)))],),
    )
