"""How taste drifts from one quarter to the next, and the eras it falls into."""

from dataclasses import replace

import polars as pl

from core.analytics import drift, eras
from core.analytics.naming import listed
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.drift import drift as above_chance
from ui.figures.eras import eras as bands
from ui.figures.panel import Listing, Make, Picture, Shown, asked
from ui.figures.spans import Step, label, marked, start_before, token

GENRES = "Genres: MusicBrainz tags, CC BY-NC-SA 3.0, and Playprint's own map"
NAMED = 3  # artists named in a title or a sentence


def drifting(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return how different each quarter or month was from the one before."""
    chosen = replace(selection, brush=None).without("artist")
    frame = listening.ask(user_id, drift.drift, **asked(lens, chosen))
    step = listening.ask(user_id, drift.step, **asked(lens, chosen))
    rows = marked(frame, step, chosen.shown).with_columns(before=pl.Series(_before(frame, step), dtype=pl.String))
    first = rows["chance_high"].is_not_null().arg_max()
    zone = ["what chance alone would show" if n == first else "" for n in range(rows.height)]
    rows = rows.with_columns(zone=pl.Series(zone, dtype=pl.String)).select(
        "start", "label", "before", "divergence", "chance", "chance_high", "zone", "pick_brush"
    )
    known = frame.drop_nulls("drift").sort("drift")
    title = "Too short a time to tell how taste changes"
    if known.height:
        best = known.row(-1, named=True)
        changed = best["divergence"] > best["chance_high"]
        when = label(best["start"], step)
        title = (
            f"The biggest change of taste: {when}" if changed else "No change of taste beyond what chance would show"
        )
    about = f"How different the artists of each {step} were from those of the {step} before"
    explained = (
        "0 % is the same artists in the same shares, 100 % none in common; inside the grey band a difference "
        "says nothing, as two random halves of the same listening differ as much."
    )
    table = rows.select(pl.col("label").alias("time"), "divergence", "chance", "chance_high")
    count = formats.plural(int(frame["plays"].sum()) + int(frame["plays_before"].head(1).sum()), "play")
    return Picture(
        title, about, frame, table, rows.to_arrow(), above_chance(step), f"{about}. {title}.", explained,
        "drift.drift", count,
    )  # fmt: skip


def _before(frame: pl.DataFrame, step: Step) -> list[str]:
    """Return the bucket before each row's in words."""
    return [label(start_before(start, step), step) for start in frame["start"]]


def drift_artists(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return who came and who went in the biggest change."""
    chosen = replace(selection, brush=None).without("artist")
    frame = listening.ask(user_id, drift.drift_artists, **asked(lens, chosen))
    step = listening.ask(user_id, drift.step, **asked(lens, chosen))
    much = frame.filter(pl.col("part") * 10 >= pl.col("part").max())
    came, went = (
        much.filter(sign)["name"].head(NAMED).to_list() for sign in (pl.col("change") > 0, pl.col("change") < 0)
    )
    title = "Nobody came, nobody went"
    if came or went:
        parts = [f"{word} {listed(names)}" for names, word in ((came, "more"), (went, "less")) if names]
        title = f"{label(frame['start'][0], step)}: {', '.join(parts)}"
    turn = (
        pl.when(pl.col("plays_before") == 0).then(pl.lit("came"))
        .when(pl.col("plays") == 0).then(pl.lit("went"))
        .when(pl.col("change") > 0).then(pl.lit("more"))
        .when(pl.col("change") < 0).then(pl.lit("less"))
        .otherwise(pl.lit("as before"))
    )  # fmt: skip
    made = frame.with_columns(turn=turn)
    columns = (
        Shown("Artist", "name", "name"),
        Shown("", "turn", "text"),
        Shown("Before", "share_before", "share"),
        Shown("After", "share", "share"),
        Shown("Part of the change", "part", "share", phone=False),
    )
    about = f"Share of plays in the {step} before the biggest change and after it"
    explained = "The artists that make up most of the difference come first."
    empty = "There is no change to look at: it takes two months with 20 plays each."
    count = formats.plural(int(frame["plays"].sum()) + int(frame["plays_before"].sum()), "play")
    return Listing(title, about, made, columns, empty, explained, "drift.drift_artists", count)


def era_bands(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the eras as bands along time."""
    frame = _eras(listening, user_id, lens, selection)
    rows = frame.select(
        pl.col("era").cast(pl.Int64), "name", "start", pl.col("end").alias("until"), "plays", "about",
        pl.col("genres").list.join(", "), "pick_brush",
    )  # fmt: skip
    about = "Stretches of at least 8 weeks in which you listened to much the same artists"
    explained = "An era ends where the artists of a week change for good; click one to see only its time."
    words = f"{about}. " + ". ".join(frame["name"].to_list() or ["No era"]) + "."
    table = frame.select("name", "start", "end", "plays", "about")
    return Picture(
        _many(frame), about, frame.drop("pick_brush"), table, rows.to_arrow(), bands(frame.height), words, explained,
        "eras.eras", formats.plural(int(frame["plays"].sum()), "play"), _credit(frame),
    )  # fmt: skip


def era_list(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the eras with their days and the artists that set them apart."""
    frame = _eras(listening, user_id, lens, selection).reverse()
    columns = (
        Shown("Era", "name", "filter", of="brush", id="pick_brush"),
        Shown("Days", "start", "days", until="end", phone=False),
        Shown("Plays", "plays", "bar"),
        Shown("Time", "ms_played", "hours", phone=False),
        Shown("Set apart by", "about", "prose", phone=False),
        *((Shown("Genres", "genre_words", "text", phone=False),) if _credit(frame) else ()),
    )
    about = "Eras, newest first, with the artists played more in them than at other times"
    explained = "Named are artists with 20 plays and 1 % of the era's plays or more."
    empty = "Eras need at least 8 weeks with plays; choose a longer range."
    count = formats.plural(int(frame["plays"].sum()), "play")
    return Listing(_many(frame), about, frame, columns, empty, explained, "eras.eras", count, _credit(frame), limit=20)


def _eras(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> pl.DataFrame:
    """Return the eras of the whole range, whichever part or artist is picked, with what a click narrows to."""
    chosen = replace(selection, brush=None).without("artist")
    frame = listening.ask(user_id, eras.eras, **asked(lens, chosen))
    spans = zip(frame["start"], frame["end"], strict=True)
    picked = [token(start, end, chosen.shown) for start, end in spans]
    return frame.with_columns(
        pick_brush=pl.Series(picked, dtype=pl.String), genre_words=pl.col("genres").list.join(", ")
    )


def _many(frame: pl.DataFrame) -> str:
    """Return how many eras there are, as a title."""
    if not frame.height:
        return "Too short a time for eras: they take 8 weeks with plays"
    if frame.height == 1:
        return "One era: your taste held steady through this time"
    return f"{frame.height} eras, the last one since {formats.day(frame['start'].max())}"  # type: ignore[arg-type]


def _credit(frame: pl.DataFrame) -> str:
    """Return whose the genres are, where any is shown."""
    return GENRES if frame["genres"].list.len().sum() else ""


PANELS: dict[str, Make] = {
    "drift": drifting,
    "drift-artists": drift_artists,
    "eras": era_bands,
    "era-list": era_list,
}
