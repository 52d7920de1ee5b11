"""What genres, decades and places the music comes from."""

import polars as pl

from core.analytics import genres as metrics
from core.analytics.genres import REST, UNKNOWN
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.countries import country_name
from ui.figures import genres as figures
from ui.figures.panel import Listing, Make, Number, Picture, Shown, Strip, asked
from ui.figures.rows import MS_PER_HOUR, value

CREDIT = "Genres: MusicBrainz tags, CC BY-NC-SA 3.0, and Playprint's own map"
YEARS = "Years: MusicBrainz, CC0, and Playprint's own list"
PLACES = "Countries: MusicBrainz, CC0, and Playprint's own map"
MOST = 14  # bars
LINES = 5  # genres along time, beside the rest and the unknown
NOTHING = "No plays in this range"


def _order(selection: Selection) -> str:
    return "plays" if selection.metric == "plays" else "time"


def _of(selection: Selection) -> str:
    return "of plays" if selection.metric == "plays" else "of listening time"


def _count(plays: float) -> str:
    return formats.plural(round(plays), "play")


def families(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the share of each family of genres."""
    chosen = asked(lens, selection.without("genre"))
    frame = listening.ask(user_id, metrics.genre_top, level="family", metric=_order(selection), **chosen)
    shown = pl.concat([frame.filter(pl.col("rank") <= MOST), frame.filter(pl.col("rank").is_null())])
    rows = shown.select(
        "name",
        "share",
        place=pl.int_range(pl.len()),
        words=pl.col("share").map_elements(formats.share, return_dtype=pl.String),
        note=pl.col("artists").map_elements(lambda n: formats.plural(n, "artist"), return_dtype=pl.String),
        quiet=pl.col("rank").is_null(),
        pick_genre="name",
    ).to_arrow()
    title, about = _leading(frame), f"Share {_of(selection)} by family of genres"
    explained = "What an artist plays is shared among their genres; click a family to see only its artists."
    words = ", ".join(f"{row['name']} {row['words']}" for row in rows.to_pylist()[:6])
    spec = figures.bars(f"Share {_of(selection)}", rows=max(shown.height, 3), filters=True)
    alternative = f"{about}. {title}." + (f" {words}." if words else "")
    table = _readable(frame)
    return Picture(
        title, about, frame, table, rows, spec, alternative, explained, "genres.genre_top", _whole(frame), CREDIT
    )


def _leading(frame: pl.DataFrame) -> str:
    """Return what most of it is, and how much is unknown where that is more."""
    if frame.is_empty():
        return NOTHING
    first = frame.row(0, named=True)
    if first["rank"] is None:
        return "Nobody knows the genres of these artists yet"
    most = f"Mostly {first['name']}" if first["share"] >= 0.5 else f"Most is {first['name']}"
    return f"{most}, {formats.share(first['share'])}"


def _whole(frame: pl.DataFrame) -> str:
    return _count(float(frame["plays"].sum()))


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a ranked list of genres to read: whole plays, hours, per cent."""
    return frame.select(
        "rank",
        "name",
        pl.col("plays").round(1),
        (pl.col("ms_played") / MS_PER_HOUR).round(1).alias("hours"),
        (pl.col("share") * 100).round(1).alias("per cent"),
        "artists",
    )


def stream(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the shares of the leading families along time."""
    chosen = selection.without("genre")
    days = chosen.shown.days or 10_000
    unit = "week" if days <= 92 else "month" if days <= 366 * 12 else "quarter"
    found = listening.ask(
        user_id, metrics.genre_stream, unit=unit, n=LINES, metric=_order(selection), **asked(lens, chosen)
    )
    frame = found.drop_nulls("share")
    names = frame["name"].unique(maintain_order=True).to_list()
    grey = tuple(name for name in names if name in (REST, UNKNOWN))
    picked = pl.when(pl.col("name") != REST).then("name")
    places = {name: place for place, name in enumerate(names)}
    place = pl.col("name").replace_strict(places, return_dtype=pl.Int64) if names else pl.lit(0, pl.Int64)
    rows = frame.select(
        "start", "name", "share", place=place, quiet=pl.col("name").is_in(grey), pick_genre=picked
    ).to_arrow()
    about = f"Share {_of(selection)} of each {unit} by family of genres"
    title = _moved(frame, len(names) - len(grey))
    step = "smooth" if unit == "week" else "month"
    spec = figures.stream(f"Share {_of(selection)}", step, names=tuple(names))
    table = _wide(frame)
    explained = "How the mix of genres changes; click a colour to see only that family."
    return Picture(
        title, about, found, table, rows, spec, f"{about}. {title}.", explained, "genres.genre_stream", _whole(frame),
        CREDIT,
    )  # fmt: skip


def _moved(frame: pl.DataFrame, lines: int) -> str:
    """Return which family grew or shrank most from the first to the last third of the time."""
    starts = frame["start"].unique().sort()
    if lines == 0:
        return "Nobody knows the genres of these artists yet" if frame.height else NOTHING
    if len(starts) < 6:
        return f"Mostly {frame['name'][0]}" if frame["share"][0] >= 0.5 else f"Most is {frame['name'][0]}"
    third = len(starts) // 3
    early, late = pl.col("start") < starts[third], pl.col("start") >= starts[-third]
    mine = frame.filter(~pl.col("name").is_in([REST, UNKNOWN]))
    change = mine.group_by("name", maintain_order=True).agg(
        early=pl.col("plays").filter(early).sum(), late=pl.col("plays").filter(late).sum()
    )
    whole = frame.select(pl.col("plays").filter(early).sum().alias("e"), pl.col("plays").filter(late).sum().alias("l"))
    first, last = whole.row(0)
    moved = change.select("name", early=pl.col("early") / max(first, 1), late=pl.col("late") / max(last, 1))
    row = moved.sort((pl.col("late") - pl.col("early")).abs(), descending=True).row(0, named=True)
    if abs(row["late"] - row["early"]) < 0.02:
        return "The mix of genres stayed much the same"
    grew = "More" if row["late"] > row["early"] else "Less"
    return f"{grew} {row['name']}: {formats.share(row['early'])} at first, {formats.share(row['late'])} lately"


def _wide(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the shares in per cent, a row a bucket and a column a genre."""
    percent = frame.select("start", "name", (pl.col("share") * 100).round(1).alias("share"))
    return percent.pivot("name", index="start", values="share") if percent.height else percent


def fine(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the ranked list of genres, with what is unknown at its end."""
    frame = listening.ask(
        user_id, metrics.genre_top, level="genre", metric=_order(selection), **asked(lens, selection)
    ).drop("rank_before", "change")
    known = frame.filter(pl.col("rank").is_not_null())
    unknown = float(frame.filter(pl.col("rank").is_null())["share"].sum())
    title = NOTHING if frame.is_empty() else "Nobody knows the genres of these artists yet"
    if known.height:
        many = "1 genre" if known.height == 1 else f"{formats.number(known.height)} genres"
        title = f"{many}, first of all {known['name'][0]}"
    columns = (
        Shown("#", "rank", "rank"),
        Shown("Genre", "name", "name", of="genre", id="name"),
        Shown("Share", "share", "share"),
        Shown("Plays", "plays", "bar"),
        Shown("Time", "ms_played", "hours", phone=False),
        Shown("Artists", "artists", "number", phone=False),
    )
    about = f"Share {_of(selection)} by genre; unknown: {formats.share(unknown)}"
    explained = "Each artist's plays are shared among their genres; artists whose genre nobody knows are Unknown."
    empty = "No plays in this range; choose a longer one."
    return Listing(title, about, frame, columns, empty, explained, "genres.genre_top", _whole(frame), CREDIT, limit=15)


def wide(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return over how many genres listening is spread."""
    found = listening.ask(user_id, metrics.breadth, **asked(lens, selection))
    alike = "–" if found.effective is None else formats.number(found.effective, decimals=1)
    broad = "–" if found.families is None else formats.number(found.families, decimals=1)
    title = f"As varied as {alike} genres played alike"
    if found.effective is None:
        title = f"{_count(found.plays)}: too few to tell how many genres it spans" if found.plays else NOTHING
    elif round(found.effective, 1) == 1:
        title = "All of one genre"
    numbers = (
        Number("Genres", formats.number(found.genres), "with a part in the plays"),
        Number("As varied as", alike, "genres played alike", "So many genres, all played equally, are as varied"),
        Number("Families", broad, "families played alike"),
        Number("Unknown", formats.share(found.unknown), "of plays: nobody knows the genre"),
    )
    frame = pl.DataFrame([{name: getattr(found, name) for name in found.__slots__}])
    explained = "A genre played often weighs more than one played once; what is unknown is left out of it."
    return Strip(title, "Genres and families", numbers, frame, explained, "genres.breadth", _count(found.plays), CREDIT)


def decades(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return plays by the decade the music came out in."""
    found = listening.ask(user_id, metrics.decades, **asked(lens, selection))
    frame, known = found.frame, found.frame.drop_nulls("decade")
    named = pl.when(pl.col("decade").is_null()).then(pl.lit(UNKNOWN)).otherwise(pl.format("{}s", "decade"))
    rows = frame.select(
        name=named,
        value=value(selection.metric),
        place=pl.int_range(pl.len()),
        words=pl.col("share").map_elements(formats.share, return_dtype=pl.String),
        quiet=pl.col("decade").is_null(),
    ).to_arrow()
    title = NOTHING if not found.plays else "Nobody knows yet when these albums came out"
    if known["plays"].sum():
        top = known.sort("plays", descending=True, maintain_order=True).row(0, named=True)
        title = f"Most from the {top['decade']}s"
        if found.age is not None:
            title += f"; half of it was {_aged(found.age)} old or older"
    label, form = ("Plays", ",.0f") if selection.metric == "plays" else ("Hours", ",.1f")
    about = f"{label} by the decade the album came out in; unknown: {formats.share(found.unknown)}"
    table = frame.select(
        decade=named, plays="plays", hours=pl.col("ms_played") / MS_PER_HOUR, share=pl.col("share") * 100
    )
    explained = "An album counts with the year it first came out; the age of music is counted when you played it."
    return Picture(
        title, about, frame, table, rows, figures.decades(label, form), f"{about}. {title}.", explained,
        "genres.decades", _count(found.plays), YEARS,
        empty="" if known.height else "Years come with the facts that this instance gathers in the background.",
    )  # fmt: skip


def _aged(years: float) -> str:
    whole = round(years)
    return "less than a year" if whole == 0 else formats.plural(whole, "year")


def places(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the countries the artists come from."""
    found = listening.ask(user_id, metrics.artist_places, metric=_order(selection), **asked(lens, selection))
    name = pl.col("country").map_elements(country_name, return_dtype=pl.String).fill_null(UNKNOWN)
    frame = found.with_columns(name=name)
    known = frame.drop_nulls("country")
    unknown = float(frame.filter(pl.col("country").is_null())["share"].sum())
    title = NOTHING if frame.is_empty() else "Nobody knows yet where these artists come from"
    if known.height:
        many = "1 country" if known.height == 1 else f"{formats.number(known.height)} countries"
        title = f"Artists from {many}, {formats.share(known['share'][0])} from {known['name'][0]}"
    columns = (
        Shown("Country", "name"),
        Shown("Share", "share", "share"),
        Shown("Plays", "plays", "bar"),
        Shown("Time", "ms_played", "hours", phone=False),
        Shown("Artists", "artists", "number"),
    )
    about = f"Share {_of(selection)} by the country of the artist; unknown: {formats.share(unknown)}"
    explained = "Where an artist was born or a band was founded, as far as that is known."
    n = _count(float(frame["plays"].sum()))
    empty = "No plays in this range; choose a longer one."
    return Listing(title, about, frame, columns, empty, explained, "genres.artist_places", n, PLACES)


PANELS: dict[str, Make] = {
    "genres": families,
    "genre-stream": stream,
    "genre-list": fine,
    "genre-breadth": wide,
    "decades": decades,
    "artist-places": places,
}
