"""What comes next is told from the first four fifths of a life, and looked for in the last."""

import numpy as np

from core.analytics.building import build
from core.analytics.localtime import day_of
from core.analytics.selecting import select
from core.analytics.view import View
from core.domain.lens import Lens
from core.domain.period import Period
from core.recommend.depths import deep_cuts
from core.recommend.following import course, next_tracks
from core.recommend.mixes import mixes
from core.repositories.library import LibraryReader
from core.repositories.users import Users
from core.services.importing import Importing, Upload

SAMPLES, N = 250, 20
LENS = Lens(timezone="Europe/Berlin")


def hits(view: View) -> tuple[float, float]:
    """Return in what share of cases the next song of a session is among 20: those told, and those played most."""
    days = view.played("day")
    border = day_of(int(np.sort(days)[len(days) * 4 // 5]))
    known = select(view.library, view.lens, period=Period(end=border))
    column = view.code_column("track")
    most = set(np.argsort(-np.bincount(known.played(column)), kind="stable")[:N].tolist())
    later = course(select(view.library, view.lens, period=Period(start=border)))
    at = np.flatnonzero((later.session[1:] == later.session[:-1]) & (later.song[1:] != later.song[:-1]))
    at = np.random.default_rng(3).permutation(at)[:SAMPLES]
    ids = view.items("track").ids
    told = often = 0
    for place in at.tolist():
        song = int(later.song[place + 1])
        told += int(ids[song]) in next_tracks(known, after=(int(ids[later.song[place]]),), n=N)["id"].to_list()
        often += song in most
    return told / len(at), often / len(at)


def test_the_next_song_is_told_better_than_by_plays_alone(view):
    told, often = hits(view)
    assert told > 2 * often, (told, often)
    assert told > 0.05


def test_so_it_is_in_a_real_history(shared, another_db):
    files = sorted((shared / "spotify-account-54k").glob("StreamingHistory*.json"))
    with another_db() as db:
        person = Users(db).add_once(name="Real", name_key=" real", role="member").id
        importing = Importing(db, secret=b"0" * 32)
        import_id = importing.create(person, label="Real", bytes_total=sum(path.stat().st_size for path in files))
        importing.run(person, import_id=import_id, uploads=[Upload(path, path.name) for path in files])
        read = LibraryReader(db).read(person)
    told, often = hits(select(build(read.rows, version=read.version), LENS))
    assert told > 1.5 * often, (told, often)


def test_lists_of_the_demo_person_have_songs(view):
    last = day_of(int(view.values("day").max()) + 1)
    found = deep_cuts(view, as_of=last)
    assert found["artist_id"].n_unique() >= 5
    made = {mix.name: mix for mix in mixes(view, as_of=last)}
    assert {"rediscovery", "mornings", "evenings", "weekends"} <= set(made)
    assert all(mix.frame.height >= 10 for mix in made.values())
