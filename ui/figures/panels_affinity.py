"""Who somebody is attached to, and what the attachment is made of."""

from datetime import date, timedelta

import polars as pl

from core.analytics import affinity
from core.analytics.attaching import sentence
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.services.listening import Listening
from ui import formats
from ui.figures.affinity import PARTS
from ui.figures.affinity import parts as four
from ui.figures.panel import Listing, Make, Picture, Shown, asked

TOLD = 500  # artists with a sentence: as many as a page lists; one each for thousands takes longer than the figures
FADING = {30: "counting half as much every 30 days", 180: "counting half as much every 180 days", 0: "old ones too"}


def _day(selection: Selection) -> date:
    """Return the last day that is looked at."""
    return selection.shown.end - timedelta(days=1) if selection.shown.end else selection.today


def _explained(selection: Selection) -> str:
    """Return what the score is."""
    return (
        f"The score adds up plays heard to the end, {FADING[selection.half_life]}; the artist closest to you has 100."
    )


def _all(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> pl.DataFrame:
    """Return the affinity of every artist of a selection, with a sentence for each that a page can show."""

    def made() -> pl.DataFrame:
        frame = listening.ask(
            user_id, affinity.affinity, as_of=_day(selection), half_life=selection.half_life, **asked(lens, selection)
        )
        usual = affinity.usual_intent(frame)
        told = [sentence(row, usual) for row in frame.head(TOLD).iter_rows(named=True)]
        words = pl.Series(told, dtype=pl.String).extend_constant(None, frame.height - len(told))
        return frame.with_columns(told=words, rank=pl.int_range(1, pl.len() + 1))

    return listening.kept(
        user_id,
        ("affinity in words", lens, _day(selection), selection.half_life, selection.shown, selection.filters),
        made,
    )


def attached(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Listing:
    """Return the artists by how attached one is to them, with the parts and a sentence."""
    frame = _all(listening, user_id, lens, selection.without("artist"))
    title = f"Closest to you: {frame['name'][0]}" if frame.height else "No artist in this range"
    columns = (
        Shown("", "rank", "rank"),
        Shown("Artist", "name", "name"),
        Shown("Score", "score", "bar"),
        Shown("How much", "amount", "share", hint="Plays heard to the end, recent ones counting more", phone=False),
        Shown("How recently", "recency", "share", hint="100 %: silent no longer than usual", phone=False),
        Shown("How regularly", "regularity", "share", hint="Months with a play, since the first", phone=False),
        Shown("On purpose", "intent", "share", hint="Started by you and not skipped", phone=False),
        Shown("In words", "told", "prose", phone=False),
    )
    empty = "No artist was played in this range; choose a longer one."
    count = formats.plural(frame.height, "artist")
    about = "Attachment, 0 to 100, and its four parts"
    return Listing(title, about, frame, columns, empty, _explained(selection), "affinity.affinity", count)


def attachment_parts(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return the four parts of the attachment to one artist: the one filtered by, or else the closest."""
    frame = _all(listening, user_id, lens, selection.without("artist"))
    chosen = selection.filters.artists
    wanted = chosen[0] if chosen else (int(frame["id"][0]) if frame.height else 0)
    found = frame.filter(pl.col("id") == wanted)
    names = pl.DataFrame({"name": list(PARTS), "part": list(PARTS.values())})
    if not found.height:
        found = frame.clear()
    values = found.select(*PARTS).unpivot(variable_name="name", value_name="value")
    told = [formats.share(value) if value is not None else "too few plays to tell" for value in values["value"]]
    rows = values.join(names, on="name", how="left", maintain_order="left").select(
        "part", pl.col("value").fill_null(0.0), told=pl.Series(told, dtype=pl.String)
    )
    title, words = "Not played in this range", "No plays of this artist."
    if found.height:
        row = found.row(0, named=True)
        title = f"{row['name']} is number {row['rank']} of {formats.plural(frame.height, 'artist')}"
        told_of_it = row["told"] or sentence(row, affinity.usual_intent(frame))
        words = f"{told_of_it} Score {formats.number(row['score'])} of 100."
    about = "The four parts of an attachment, each 0 to 100 %"
    count = formats.plural(int(found["plays"].sum()), "play")
    return Picture(
        title, about, found, rows.select("part", "told"), rows.to_arrow(), four(), f"{title}. {words}",
        words if found.height else _explained(selection), "affinity.affinity", count,
    )  # fmt: skip


PANELS: dict[str, Make] = {"affinity": attached, "affinity-parts": attachment_parts}
