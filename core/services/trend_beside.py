"""What stands beside charts: what sources say else, how they are, and what everybody plays, to compare with."""

from collections.abc import Collection
from datetime import date, timedelta

import msgspec
import numpy as np
import polars as pl

from core.domain.trends import SOURCES, WINDOWS, WORLD, Available, Extra, ExtraName, Health, Window
from core.services.trend_answers import Reference, Settled
from core.services.trend_keeping import Keeping

LATE = timedelta(days=31)
_KINDS = {"source": pl.String, "name": pl.String, "window": pl.String}


class Beside:
    """What is known beside charts."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def extras(self) -> pl.DataFrame:
        """Return what there is beside charts: source, name, window."""
        rows = [(source, name, window) for source, name, window, _ in self._keeping.rows.extras()]
        return pl.DataFrame(rows, schema=_KINDS, orient="row")

    def extra(self, source: str, name: ExtraName, window: Window, at: date | None) -> str:
        """Return the newest of what a source says, as JSON text; "" for nothing."""
        found = self._keeping.rows.extra(source, name, window, at=at)  # noqa: S610 no Django here
        return msgspec.json.encode(found).decode() if found else ""

    def newest(self, source: str, name: ExtraName, window: Window, then: Settled | None) -> Extra | None:
        """Return what a source says for a window, else for the shortest other; the newest, or as it was ``then``.

        All of time begins long ago, so its end says whether it was said then: a month later it is another time's.
        """
        there = self._keeping.answer("extras").filter(source=source, name=name)["window"].to_list()
        for each in sorted(there, key=lambda other: (other != window, WINDOWS.index(other))):
            if text := self._keeping.answer("extra", source, name, each, then.at if then else None):
                found = msgspec.json.decode(text, type=Extra)
                if then is None or found.window != "all" or found.until <= then.until + LATE:
                    return found
        return None

    def reference(self, source: Available) -> Reference | None:
        """Return the artists of the world with their counts over the longest time a source has, if it counts."""
        charts = [s for s in source.charts if (s.key.kind, s.key.region) == ("artist", WORLD)]
        for series in sorted(charts, key=lambda s: -WINDOWS.index(s.key.window)):
            moments = self._keeping.moments(series.id)
            whole = moments.filter("complete")
            row = (whole if whole.height else moments).tail(1).row(0, named=True)
            frame = self._keeping.answer("chart", series.id, row["first"], False).filter(pl.col("value") > 0)
            if frame.height:
                counts = dict(zip(frame["name"].to_list(), frame["value"].to_list(), strict=True))
                rest = max((row["total"] or 0) - int(np.sum(frame["value"].to_numpy())), 0)
                return Reference(source.info, row["first"], counts, rest)
        return None

    def health(self, enabled: Collection[str], shown: Collection[Available]) -> tuple[Health, ...]:
        """Return how each source is that is asked or has data."""
        notes, has = self._keeping.rows.notes(), {each.info.id for each in shown}
        return tuple(
            Health(id, id in enabled)
            if (said := notes.get(id)) is None
            else Health(id, id in enabled, said.checked_at, said.succeeded_at, said.message)
            for id in SOURCES
            if id in enabled or id in has
        )
