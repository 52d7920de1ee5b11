"""Commands that print figures, under the default lens in the person's timezone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from commands.house import house, person, say_json
from core.analytics.library import By
from core.bootstrap import Playprint
from core.domain.errors import InvalidInput
from core.domain.lens import Lens
from core.domain.people import User
from core.domain.period import Period

KINDS: dict[str, By] = {"artists": "artist", "albums": "album", "tracks": "track"}


def print_summary(*, user: str | None, first: datetime | None, last: datetime | None, as_json: bool) -> None:
    """Print the sums of a person's listening."""
    period = days(first, last)
    with house() as playing:
        who = person(playing, user)
        lens = default_lens(playing, who)
        totals = playing.listening.totals(who.id, lens=lens, period=period).now
    if as_json:
        names = ("listens", "plays", "ms_played", "artists", "albums", "tracks")
        moments = {name: _iso(getattr(totals, name)) for name in ("first", "last")}
        say_json({**{name: int(getattr(totals, name)) for name in names}, **moments})
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, value in (
        ("Plays", f"{totals.plays:,}"),
        ("Listens", f"{totals.listens:,}"),
        ("Hours", f"{totals.ms_played / 3_600_000:,.1f}"),
        ("Artists", f"{totals.artists:,}"),
        ("Albums", f"{totals.albums:,}"),
        ("Tracks", f"{totals.tracks:,}"),
        ("First", _local(totals.first, lens)),
        ("Last", _local(totals.last, lens)),
    ):
        table.add_row(label, value)
    console = Console()
    console.print(f"{who.name}, {_words(first, last)}", markup=False)
    console.print(table)


def print_top(
    what: str, *, limit: int, user: str | None, first: datetime | None, last: datetime | None, as_json: bool
) -> None:
    """Print the most played artists, albums or tracks of a person."""
    period = days(first, last)
    with house() as playing:
        who = person(playing, user)
        lens = default_lens(playing, who)
        ranked = playing.listening.top(who.id, by=KINDS[what], lens=lens, period=period, limit=limit)
    columns = ("rank", "name", "artist", "plays", "ms_played")
    rows = ranked.select(columns).to_dicts()
    if as_json:
        say_json(rows)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None)
    table.add_column("#", justify="right")
    table.add_column("Name")
    if what != "artists":
        table.add_column("Artist")
    table.add_column("Plays", justify="right")
    table.add_column("Hours", justify="right")
    for row in rows:
        names = [row["name"]] if what == "artists" else [row["name"], row["artist"]]
        table.add_row(
            str(row["rank"]), *map(escape, names), f"{row['plays']:,}", f"{row['ms_played'] / 3_600_000:,.1f}"
        )
    console = Console()
    console.print(f"Top {what} of {who.name}, {_words(first, last)}", markup=False)
    console.print(table)


def default_lens(playing: Playprint, user: User) -> Lens:
    """Return the default lens in the person's timezone: commands print what everybody's figures compare by.

    Whether plays the API reported count is the operator's choice, here too.
    """
    own = playing.profiles.lens(user.id)
    return Lens(timezone=own.timezone, api=own.api)


def days(first: datetime | None, last: datetime | None) -> Period:
    """Return the period from one local day to another, both included; ``None`` is open.

    Raises:
        InvalidInput: the last day lies before the first.
    """
    if first and last and last < first:
        raise InvalidInput("The day after --to lies before the one after --from; swap them.")
    end = last.date() + timedelta(days=1) if last and last.date() < date.max else None  # the last day has no next
    return Period(first.date() if first else None, end)


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _local(moment: datetime | None, lens: Lens) -> str:
    return f"{moment.astimezone(ZoneInfo(lens.timezone)):%Y-%m-%d %H:%M}" if moment else "-"


def _words(first: datetime | None, last: datetime | None) -> str:
    since = f"from {first:%Y-%m-%d}" if first else ""
    until = f"to {last:%Y-%m-%d}" if last else ""
    return f"{since} {until}".strip() or "all time"
