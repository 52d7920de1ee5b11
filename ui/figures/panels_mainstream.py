"""How close somebody's music is to what everybody plays."""

import polars as pl

from core.analytics import mainstream
from core.domain.lens import Lens
from core.domain.selection import Selection
from core.domain.trends import DEMO
from core.services.listening import Listening
from ui import formats
from ui.figures.panel import Make, Number, Strip, asked

NONE = "There are no public charts here to compare with yet"
ABOUT = "Plays per artist beside a public chart of artists"
EXPLAINED = "Neither end is better: it says how many of your artists stand on the chart, and how much you play them."


def closeness(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Strip:
    """Return how alike a person's artists and a public chart are, in four figures."""
    ranking = listening.public()
    plays = listening.ask(user_id, mainstream.compared, ranking=ranking, **asked(lens, selection)) if ranking else None
    if ranking is None or plays is None:
        return Strip(NONE, ABOUT, (), pl.DataFrame(), EXPLAINED, "mainstream.mainstream", "")
    frame = pl.DataFrame([{name: getattr(plays, name) for name in plays.__slots__}])
    credit = f"{ranking.info.credit}, from {formats.day(ranking.first)} on"
    if plays.likeness is None or plays.underground is None:
        few = f"Under {mainstream.MINIMUM_PLAYS} plays: too few to compare with what everybody plays"
        return Strip(few, ABOUT, (), frame, EXPLAINED, "mainstream.mainstream", "", credit)
    order = "–" if plays.order is None else f"{plays.order:+.2f}".replace("-", formats.MINUS)
    numbers = (
        Number("Alike", formats.share(plays.likeness), "0: nothing alike, 100: the same shares",
               "1 minus the Jensen-Shannon divergence of the shares of plays; all artists off the chart count as one"),
        Number("Off the chart", formats.share(plays.underground), "of plays are of artists who are not on it"),
        Number("On the chart", formats.number(plays.shared), f"of its {formats.number(len(ranking.counts))} artists"),
        Number("Same order", order, "1: ranked alike, 0: unrelated" if plays.order is not None else "under 20 in both"),
    )  # fmt: skip
    invented = " (invented)" if ranking.info.id == DEMO else ""
    title = f"{formats.share(plays.underground)} of plays are of artists off the public chart{invented}"
    return Strip(title, ABOUT, numbers, frame, EXPLAINED, "mainstream.mainstream", "", credit)


PANELS: dict[str, Make] = {"mainstream": closeness}
