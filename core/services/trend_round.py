"""One round of asking one source of charts: what is due, one after another, until it fails or wants a pause."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.asking.errors import FactsError, NotNow, Refused
from core.domain.trends import ChartKey, Extra, NotReady, Snapshot, Source
from core.facts.listenbrainz import ListenBrainz
from core.repositories.chart_rows import ChartRows
from core.repositories.chart_upkeep import Ask, AskOutcome, ChartUpkeep
from core.services.fact_asking import Stopped
from core.services.trend_tags import ask_tags
from core.trends.spans import span

AFTER_FAILURE, AFTER_NOT_READY = timedelta(hours=1), timedelta(hours=6)
MORNING = timedelta(hours=3)  # statistics of a day are worked out from 02:00 UTC on
TAGS, TAGS_LAST = "genres of artists", timedelta(days=7)
DAY = timedelta(days=1)
MOST_TROUBLES = 3  # useless answers in a row that end a source's round
Fetch = Callable[[], Snapshot | Extra | NotReady]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How a round with one source went.

    ``stored``: charts and extras that are new or newer; ``kept``: those told as they were; ``not_ready``: not worked
    out yet; ``tagged``: artists asked about; ``waiting``: not asked in this round though due. ``message``: one
    sentence for people, blank where all is well. ``next``: when something is due again.
    """

    source: str
    stored: int = 0
    kept: int = 0
    not_ready: int = 0
    failed: int = 0
    tagged: int = 0
    waiting: int = 0
    message: str = ""
    next: datetime | None = None

    def counts(self) -> dict[str, Any]:
        """Return what a log may hold."""
        names = ("source", "stored", "kept", "not_ready", "failed", "tagged", "waiting")
        return {name: getattr(self, name) for name in names}


class SourceRound:
    """Asks one source, once, for what is due."""

    def __init__(
        self,
        source: Source,
        facts: ListenBrainz | None,
        *,
        rows: ChartRows,
        upkeep: ChartUpkeep,
        now: Callable[[], datetime],
        going: Callable[[], bool],
        spread: timedelta,
    ) -> None:
        """``facts`` tells genres of artists, where they are wanted.

        ``spread`` is how long after three in the morning (UTC) this instance asks: not all should do so at once.
        """
        self._source, self._id, self._facts = source, source.info.id, facts
        self._rows, self._upkeep, self._now, self._going, self._spread = rows, upkeep, now, going, spread
        self._wanted: dict[str, Fetch] = dict(_wanted(source))
        self._report, self._troubles = SourceReport(self._id), 0

    def run(self) -> SourceReport:
        """Ask for what is due, store it piece by piece, and return how it went."""
        due = self._due()
        for place, what in enumerate(due):
            if not self._try(what, due[place:]):
                break
        return self._end(asked=bool(due))

    def _due(self) -> list[str]:
        """Return what may be asked for now; genres come last. What a wrong clock asked in the future may be, too."""
        asks, now = self._upkeep.asks(self._id), self._now()
        names = [*self._wanted, *([TAGS] if self._facts else ())]
        return [what for what in names if what not in asks or asks[what].again_at <= now or now < asks[what].asked_at]

    def _try(self, what: str, left: list[str]) -> bool:
        """Ask for one thing and store it; return whether to go on. ``left`` begins with it."""
        try:
            if not self._going():
                raise Stopped
            self._ask(what)
        except Stopped:
            self._count(waiting=len(left))
            return False
        except NotNow as error:
            told = f"{self._source.info.title} wants no questions until {error.retry_at:%Y-%m-%d %H:%M} UTC"
            self._count(waiting=len(left))
            self._report = replace(self._report, message=f"{told}; Playprint goes on then.", next=error.retry_at)
            return False
        except FactsError as error:
            self._troubles += 1
            given_up = left if self._troubles == MOST_TROUBLES else [what]
            self._note(given_up, "failed", self._now() + AFTER_FAILURE, _sentence(self._source, error))
            self._count(failed=len(given_up))
            return self._troubles < MOST_TROUBLES
        self._troubles = 0
        return True

    def _ask(self, what: str) -> None:
        """Ask for one thing and store it."""
        if what == TAGS and self._facts:
            self._tags(self._facts)
            return
        found, now = self._wanted[what](), self._now()
        if isinstance(found, NotReady):
            self._note([what], "not ready", now + AFTER_NOT_READY)
            self._count(not_ready=1)
            return
        new = self._store(found)
        self._note([what], "stored", self._again(found, now))
        self._count(stored=int(new), kept=int(not new))

    def _store(self, found: Snapshot | Extra) -> bool:
        """Store a chart or an extra; return whether it is new or newer."""
        if isinstance(found, Extra):
            self._rows.store_extra(found)
            return True
        stored = self._rows.store([found])
        return bool(stored.new or stored.replaced)

    def _tags(self, facts: ListenBrainz) -> None:
        """Ask for genres of artists that were never asked about."""
        done, more = ask_tags(self._rows, facts, now=self._now, going=self._going)
        now = self._now()
        again = self._morning(now.astimezone(UTC).date() + DAY) if more else now + TAGS_LAST
        if self._going():
            self._note([TAGS], "stored", again)
        self._count(tagged=done)

    def _again(self, found: Snapshot | Extra, now: datetime) -> datetime:
        """Return when to ask again for what was told just now.

        What runs is asked for tomorrow; what is over, when the next week, month or year is over too. Where that is
        behind us, or what should run is over, the source is late.
        """
        today, until = now.astimezone(UTC).date(), found.until
        if until > today:
            return self._morning(today + DAY)
        window = found.window if isinstance(found, Extra) else found.key.window
        final = found.complete if isinstance(found, Snapshot) else found.computed_at.astimezone(UTC).date() >= until
        again = self._morning(span(window, until)[1])
        return again if final and again > now else now + AFTER_NOT_READY

    def _morning(self, day: date) -> datetime:
        """Return the moment of a day at which this instance asks."""
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + MORNING + self._spread

    def _note(self, whats: list[str], outcome: AskOutcome, again: datetime, message: str = "") -> None:
        self._upkeep.note(self._id, whats, Ask(outcome, self._now(), again, message))

    def _count(self, **more: int) -> None:
        self._report = replace(
            self._report, **{name: getattr(self._report, name) + number for name, number in more.items()}
        )

    def _end(self, *, asked: bool) -> SourceReport:
        """Return the whole report; its message is noted for people where anything was due."""
        known = self._upkeep.asks(self._id)
        asks = [ask for what, ask in known.items() if what in self._wanted or (what == TAGS and self._facts)]
        report = self._report
        message = report.message or _message(asks)
        if asked:
            good = bool(report.stored or report.kept or report.not_ready)
            self._rows.note(self._id, ok=good, message=message, now=self._now())
        again = min((ask.again_at for ask in asks), default=None)
        return replace(report, message=message, next=report.next or (self._now() if report.waiting else again))


def _message(asks: list[Ask]) -> str:
    """Return what people are told of a source: why it failed, or that it has nothing yet."""
    failed = next((ask.message for ask in asks if ask.outcome == "failed"), "")
    nothing = asks and all(ask.outcome == "not ready" for ask in asks)
    return failed or ("Its charts are not worked out yet; Playprint asks again in some hours." if nothing else "")


def _wanted(source: Source) -> Iterator[tuple[str, Fetch]]:
    """Yield what a source can be asked for: a name to remember it by, and how to ask."""
    for key in source.charts():
        yield _name(key), lambda key=key: source.fetch(key)  # type: ignore[misc]
    for key in source.whole():
        yield f"whole {_name(key)}", lambda key=key: source.fetch_whole(key)  # type: ignore[misc]
    for name, window in source.extras():
        yield f"{name} {window}", lambda name=name, window=window: source.fetch_extra(name, window)  # type: ignore[misc]


def _name(key: ChartKey) -> str:
    return f"{key.kind} {key.window} {key.region}"


def _sentence(source: Source, error: FactsError) -> str:
    """Return what people are told of a failure."""
    if isinstance(error, Refused) and source.info.id == "lastfm":
        return "Last.fm does not accept the key; check PLAYPRINT_LASTFM_KEY."
    return str(error)
