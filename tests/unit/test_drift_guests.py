"""Who came and who went in a change, where some artists are only ever guests on the tracks of others."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from heard import ARTISTS, listen, rows

from core.analytics.building import build
from core.analytics.drift import drift_artists
from core.analytics.selecting import select
from core.analytics.stored import CREDITS
from core.domain.lens import Lens

BJORK, GUEST, ABBA = 11, 12, 13


def test_guests_do_not_take_the_places_of_those_who_were_played() -> None:
    days = [date(2021, 1, 1) + timedelta(days=n) for n in range(59)]
    heard = [listen(f"{day}T12:00", track=1 if day.month == 1 else 4) for day in days]
    known = pl.DataFrame({"id": [BJORK, GUEST, ABBA], "name": [ARTISTS[id] for id in (BJORK, GUEST, ABBA)]})
    guests = pl.DataFrame([(4, GUEST, 1)], schema=CREDITS, orient="row")
    made = replace(rows(heard), artists=known.cast({"id": pl.Int32}), credits=guests)
    view = select(build(made, version=1), Lens(featured=True))
    found = drift_artists(view).select("id", "name", "plays_before", "plays").rows()
    assert sorted(found) == [(BJORK, "Björk", 31, 0), (ABBA, "ABBA", 0, 28)]
