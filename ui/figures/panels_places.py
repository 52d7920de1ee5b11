"""Where listening happens and where the artists come from, by country."""

import polars as pl

from core.analytics import places
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.countries import country_name
from ui.figures.panel import ONLY_EXTENDED, Listing, Make, Picture, Shown, asked
from ui.figures.rows import MS_PER_HOUR
from ui.figures.world import world

LATER = "Where artists come from is among the facts that this instance gathers in the background."
CREDIT = "Countries of artists: MusicBrainz, CC0, and Playprint's own map"


def countries(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the map of where listening happened."""
    frame = listening.ask(user_id, places.countries, **asked(lens, selection.without("country")))
    title = _titled(frame, selection, "Listened", "in", "No listen tells its country")
    about = f"{_unit(selection)} by the country the device was in"
    explained = "The country the device was connected in, as Spotify noted it; click one to see only that."
    return _map(frame, selection, title, about, explained, "places.countries", filters=True, empty=ONLY_EXTENDED)


def artist_map(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the map of where the artists come from."""
    frame = listening.ask(user_id, places.origins, **asked(lens, selection))
    about = f"{_unit(selection)} by the country of the artist"
    now = listening.totals(user_id, **asked(lens, selection)).now
    unknown = 1 - int(frame["plays"].sum()) / now.plays if now.plays else 1.0
    whole = now.plays if selection.metric == "plays" else now.ms_played / MS_PER_HOUR
    title = _titled(frame, selection, "Artists", "from", "Nobody knows yet where these artists come from", whole)
    explained = f"The country an artist comes from; {formats.share(unknown)} of plays are by artists of an unknown one."
    return _map(frame, selection, title, about, explained, "places.origins", credit=CREDIT, empty=LATER)


def _unit(selection: Selection) -> str:
    return "Plays" if selection.metric == "plays" else "Hours"


def _valued(frame: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """Return the frame with names and what is shown of each country, most first."""
    amount = pl.col("plays").cast(pl.Float64) if selection.metric == "plays" else pl.col("ms_played") / MS_PER_HOUR
    name = pl.col("country").map_elements(country_name, return_dtype=pl.String)
    return frame.with_columns(name=name, value=amount).sort("value", "country", descending=[True, False])


def _titled(
    frame: pl.DataFrame, selection: Selection, what: str, where: str, nothing: str, whole: float | None = None
) -> str:
    """Return in how many countries, and in which most, as a share of ``whole`` (``None``: of what has a country)."""
    shown = _valued(frame, selection).filter(pl.col("value") > 0)
    if shown.is_empty():
        return nothing
    share = shown["value"][0] / (whole or shown["value"].sum())
    many = "1 country" if shown.height == 1 else f"{formats.number(shown.height)} countries"
    return f"{what} {where} {many}, {formats.share(share)} {where} {shown['name'][0]}"


def _map(
    frame: pl.DataFrame, selection: Selection, title: str, about: str, explained: str, definition: str,
    *, credit: str = "", filters: bool = False, empty: str = "",
) -> Picture:  # fmt: skip
    """Return a map of the frame's countries."""
    valued = _valued(frame, selection)
    words = pl.struct("artist", "artists").map_elements(_words, return_dtype=pl.String)
    rows = valued.filter(pl.col("value") > 0).select("country", "name", "value", about=words, pick_country="country")
    label, form = ("Plays", ",.0f") if selection.metric == "plays" else ("Hours", ",.1f")
    table = valued.select(
        "name", "plays", (pl.col("ms_played") / MS_PER_HOUR).alias("hours"), "share", "artists", "artist"
    )
    n = formats.plural(int(frame["plays"].sum()), "play")
    first = ", ".join(f"{row['name']} {formats.number(row['value'])}" for row in rows.head(5).to_dicts())
    alternative = f"{about}. {title}." + (f" Most: {first}." if first else "")
    spec = world(label, form, filters=filters)
    return Picture(title, about, frame, table, rows.to_arrow(), spec, alternative, explained, definition, n, credit,
                   empty="" if rows.height else empty)  # fmt: skip


def _words(row: dict[str, str | int]) -> str:
    """Return the most played artist of a country and of how many."""
    many = formats.plural(int(row["artists"]), "artist")
    return f"{row['artist']} ({many})" if row["artist"] else many


def country_list(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the countries with their plays, days and most played artist."""
    found = listening.ask(user_id, places.countries, **asked(lens, selection.without("country")))
    frame = _valued(found, selection).drop("value")
    columns = (
        Shown("Country", "name", "filter", of="country", id="country"),
        Shown("Plays", "plays", "bar"),
        Shown("Time", "ms_played", "hours"),
        Shown("Artists", "artists", "number", phone=False),
        Shown("Most played", "artist", "name", of="artist", id="artist_id"),
        Shown("First", "first", "day", phone=False),
        Shown("Last", "last", "day", phone=False),
    )
    title = "No listen tells its country"
    if frame.height:
        most = frame.row(0, named=True)
        title = (
            f"Most in {most['name']}, there above all {most['artist']}" if most["artist"] else f"Most in {most['name']}"
        )
    empty = "No listen here tells its country; the full streaming history from Spotify does."
    explained = "Choose a country to see the whole page for it."
    n = formats.plural(int(frame["plays"].sum()), "play")
    about = "By the country the device was in"
    return Listing(title, about, frame, columns, empty, explained, "places.countries", n, limit=15)


PANELS: dict[str, Make] = {"countries": countries, "country-list": country_list, "artist-map": artist_map}
