"""The command ``playprint``: each command is one call of a service, its answer as a table or as JSON.

What a command needs is imported when it runs: ``playprint --help`` answers at once.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from core.domain.errors import PlayprintError

app = typer.Typer(
    name="playprint",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Analytics of your own listening history, on your own machine.\n\n"
    "Begin with [bold]playprint run[/bold] and open the address it prints. Every command starts the database it "
    "needs for itself, or shares the one that is running. Settings are read from PLAYPRINT_* variables or a .env "
    "file; docs/settings.md lists them.",
)
people = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="Add, list and delete the people of this instance."
)
app.add_typer(people, name="user")
connection = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="See, run and end a person's Spotify connection."
)
app.add_typer(connection, name="spotify")
listens = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Delete listens and take deletions back.")
app.add_typer(listens, name="listens")
lists = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="See a person's playlists and take their songs along."
)
app.add_typer(lists, name="playlists")
charts = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="Put chart files in, and see the public charts stored here."
)
app.add_typer(charts, name="trends")

bench = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Measure how good the product is at something.")
app.add_typer(bench, name="bench")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table for people.")]
Person = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Whose listening; may be left out when there is only one person."),
]
Day = Annotated[
    datetime | None, typer.Option("--from", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="First local day.")
]
LastDay = Annotated[
    datetime | None, typer.Option("--to", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Last local day, included.")
]
Country = Annotated[
    str | None, typer.Option("--country", metavar="CC", help="Two letters of a country, or “global” for the world.")
]
ChartWindow = Annotated[
    Literal["day", "week", "month", "year", "all"] | None,
    typer.Option("--window", metavar="WINDOW", help="day, week, month, year or all: how much time the chart is of."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The person's name; capitals do not matter.")]
Playlist = Annotated[str, typer.Argument(metavar="PLAYLIST", help="Its name, or its key of the list.")]
WithParent = Annotated[bool, typer.Option("--with-parent", hidden=True)]


@app.command()
def run(
    port: Annotated[
        int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Port to listen on [PLAYPRINT_PORT, 8501].")
    ] = None,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Address to listen on [PLAYPRINT_HOST, 127.0.0.1].")
    ] = None,
    with_fake_spotify: Annotated[
        bool,
        typer.Option(
            "--with-fake-spotify",
            help="Try the Spotify connection with stand-ins on this machine; asks nobody outside.",
        ),
    ] = False,
) -> None:
    """Start everything on this machine and print one address; Ctrl-C stops it all.

    Starts the database and the cache (unless PLAYPRINT_DATABASE_URL and PLAYPRINT_REDIS_URL name others), brings the
    database up to date, prepares the demo profile, then starts the web process and a worker and keeps them running.
    """
    from commands.run import run_everything

    run_everything(port=port, host=host, with_fake_spotify=with_fake_spotify)


@app.command()
def web(with_parent: WithParent = False) -> None:
    """Serve the pages alone, for set-ups with several web processes; [bold]run[/bold] does it for you."""
    from commands.processes import serve_web

    serve_web(with_parent=with_parent)


@app.command()
def worker(with_parent: WithParent = False) -> None:
    """Run background jobs alone, imports above all; [bold]run[/bold] does it for you."""
    from commands.processes import serve_jobs

    serve_jobs(with_parent=with_parent)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema; every other command does so too when it has to."""
    from commands.housekeeping import bring_up_to_date

    bring_up_to_date()


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt Spotify tokens and second factors anew, with the newest key; running processes go on.

    Without PLAYPRINT_TOKEN_KEYS a new key is made and put first in the file token-keys of the home folder. With it,
    put the new key before the old ones, restart everything, run this, and only then leave the old ones out.
    """
    from commands.keys import rotate_keys as rotate

    rotate()


@app.command()
def demo(with_parent: WithParent = False) -> None:
    """Prepare the demo profile and the demo charts that visitors can look at, unless they are there already."""
    from commands.housekeeping import seed_demo

    seed_demo(with_parent=with_parent)


@app.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="The zip from Spotify, single .json files, or folders of them."),
    ],
    user: Person = None,
    other_account: Annotated[
        bool,
        typer.Option("--other-account", help="Import although the files are of another Spotify account than before."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import the files Spotify sent you; importing them again adds nothing twice.

    All paths together are one import: give an extended history and account data at once if you have both.
    Exit code 0: imported; 3: refused, and nothing was stored; 2: the command could not run.

    Examples:
      playprint import my_spotify_data.zip --user anna

      playprint import Streaming_History_Audio_*.json --json
    """
    from commands.importing import import_files

    import_files(paths, user=user, other_account=other_account, as_json=as_json)


@app.command()
def summary(user: Person = None, first: Day = None, last: LastDay = None, as_json: AsJson = False) -> None:
    """Print the sums of a person's listening: listens, plays, time, artists, albums, tracks.

    A play is a listen of at least 30 seconds of music. Days are days in the person's timezone.
    With --json: listens, plays, ms_played, artists, albums, tracks, first, last (UTC).
    """
    from commands.figures import print_summary

    print_summary(user=user, first=first, last=last, as_json=as_json)


@app.command()
def top(
    what: Annotated[Literal["artists", "albums", "tracks"], typer.Argument(help="What to rank.")],
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many to print.")] = 10,
    user: Person = None,
    first: Day = None,
    last: LastDay = None,
    as_json: AsJson = False,
) -> None:
    """Print the most played artists, albums or tracks.

    Ranked by plays (at least 30 seconds), then by time. With --json: a list of rank, name, artist, plays, ms_played.

    Example: playprint top tracks --limit 20 --from 2024-01-01 --to 2024-12-31
    """
    from commands.figures import print_top

    print_top(what, limit=limit, user=user, first=first, last=last, as_json=as_json)


@app.command()
def facts(
    run: Annotated[bool, typer.Option("--run", help="Ask for a minute first, in this process.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print how much MusicBrainz and ListenBrainz told of the music heard here; a worker asks them by itself.

    found: known; missing: they do not know it; failed: nobody could be asked, later again; waiting: not asked yet.
    With --json: enabled, artists, albums, tracks (each by state), last_round, calls (of 24 hours).
    """
    from commands.facts import print_facts

    print_facts(run=run, as_json=as_json)


@people.command("add")
def add(name: Name, as_json: AsJson = False) -> None:
    """Add a person and print the one-time link (good for 24 hours) with which they choose their password.

    The first person added to an instance without an owner becomes its owner.
    """
    from commands.people import add_person

    add_person(name, as_json=as_json)


@people.command("list")
def list_(as_json: AsJson = False) -> None:
    """List everybody with their role, the day they came and whether they have a password."""
    from commands.people import list_people

    list_people(as_json=as_json)


@people.command("delete")
def delete(
    name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, as_json: AsJson = False
) -> None:
    """Delete a person with everything of theirs: listens, imports, settings, sessions. There is no way back."""
    from commands.people import delete_person

    delete_person(name, yes=yes, as_json=as_json)


@people.command("reset-link")
def reset_link(name: Name, as_json: AsJson = False) -> None:
    """Print a new one-time link with which a person chooses a new password; earlier links end."""
    from commands.people import print_reset_link

    print_reset_link(name, as_json=as_json)


@people.command("invite")
def invite(
    role: Annotated[
        Literal["member", "admin"], typer.Option("--role", metavar="ROLE", help="member or admin.")
    ] = "member",
    as_json: AsJson = False,
) -> None:
    """Print a one-time link (good for 7 days) with which somebody makes an account; closed registration has none."""
    from commands import membership

    membership.invite(role, as_json=as_json)


@people.command("role")
def role(
    name: Name,
    role: Annotated[Literal["owner", "admin", "member"], typer.Argument(help="What they may do from now on.")],
    as_json: AsJson = False,
) -> None:
    """Give a person a role: owners may do everything, admins look after members, members see their own things.

    The last owner who can sign in stays owner.
    """
    from commands import membership

    membership.set_role(name, role, as_json=as_json)


@people.command("sessions")
def sessions(
    name: Name,
    end_all: Annotated[bool, typer.Option("--end-all", help="Sign them out on every device.")] = False,
    as_json: AsJson = False,
) -> None:
    """List where a person is signed in: device, since when, last used; or sign them out everywhere."""
    from commands import membership

    membership.sessions(name, end_all=end_all, as_json=as_json)


@people.command("second-factor")
def second_factor(
    name: Name,
    off: Annotated[bool, typer.Option("--off", help="Switch it off, for somebody who has lost it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print whether a person's second factor is on, or switch it off."""
    from commands import membership

    membership.second_factor(name, off=off, as_json=as_json)


@people.command("events")
def events(
    name: Name,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many lines.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Print the record of an account, newest first: sign-ins, passwords, roles; kept for 180 days.

    A place is a keyed hash, new each day, of the neighbourhood an event came from: equal ones are the same place.
    """
    from commands import membership

    membership.events(name, limit=limit, as_json=as_json)


@connection.command("status")
def spotify_status(user: Person = None, as_json: AsJson = False) -> None:
    """Print how a person's connection stands, how far its sync is, and the calls to Spotify of the last 24 hours."""
    from commands.spotify import print_status

    print_status(user=user, as_json=as_json)


@connection.command("sync")
def spotify_sync(user: Person = None, as_json: AsJson = False) -> None:
    """Sync what is due now, in this process, and print what came; a worker does so by itself."""
    from commands.spotify import sync_now

    sync_now(user=user, as_json=as_json)


@connection.command("disconnect")
def spotify_disconnect(
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Whose connection.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """End a person's connection: its tokens and everything Spotify's API told of them go; exports stay."""
    from commands.spotify import disconnect

    disconnect(user=user, yes=yes)


@listens.command("delete")
def delete_listens(
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Whose listens.")],
    artist: Annotated[
        int | None, typer.Option("--artist", metavar="ID", min=1, help="Those of this artist; the id in their address.")
    ] = None,
    first: Day = None,
    last: LastDay = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete listens, however short, of an artist, of some days, or of both; they stay deleted when imported again.

    What the person left out of their figures is not touched. With --json: deletion (its number), listens.
    """
    from commands import deleting

    deleting.delete_listens(user=user, artist=artist, first=first, last=last, yes=yes, as_json=as_json)


@listens.command("restore")
def restore_listens(
    deletion: Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the deletion.")],
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Whose listens.")],
    as_json: AsJson = False,
) -> None:
    """Take a deletion back: its listens count again, but for those stored meanwhile in an equal or finer form."""
    from commands import deleting

    deleting.restore_listens(deletion, user=user, as_json=as_json)


@lists.command("list")
def playlists_list(user: Person = None, as_json: AsJson = False) -> None:
    """List a person's playlists, those of exports and those the sync brought.

    With --json: a list of key, name, songs, versions, changed, origin, gone, readable, counted.
    """
    from commands.playlists import list_playlists

    list_playlists(user=user, as_json=as_json)


@lists.command("show")
def playlists_show(which: Playlist, user: Person = None, as_json: AsJson = False) -> None:
    """Print what is on a playlist: plays of each song, the day of the last one, and what is never played or skipped.

    With --json: what the list prints, told (its versions: origin, seen_at, changed, songs), and entries of position,
    name, artist, album, uri, added, plays, last, state (played, skipped, never, local, spoken).
    """
    from commands.playlists import show_playlist

    show_playlist(which, user=user, as_json=as_json)


@lists.command("export")
def playlists_export(
    which: Playlist = "",
    what: Annotated[
        Literal["songs", "cleaned", "duplicates", "never", "skipped", "none"],
        typer.Option(
            "--what",
            metavar="PART",
            help="songs, cleaned (what could go is left out), duplicates, never, skipped; none: songs in no playlist.",
        ),
    ] = "songs",
    form: Annotated[
        Literal["csv", "jspf", "xspf"], typer.Option("--form", metavar="FORM", help="csv, jspf or xspf.")
    ] = "csv",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="A new file; left out: what is printed.")
    ] = None,
    user: Person = None,
) -> None:
    """Write the songs of a playlist, or of a part of it, as a file other programs read.

    Example: playprint playlists export "Summer 2024" --what cleaned --form xspf --to summer.xspf
    """
    from commands.playlists import export_playlist

    export_playlist(which, what=what, form=form, to=to, user=user)


@bench.command("recommend")
def bench_recommend(
    dataset: Annotated[
        Path,
        typer.Option("--dataset", metavar="DIR", help="A folder of one file of user, item, weight, or of train/test."),
    ],
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, max=100, help="Random splits, from 2020.")] = 5,
    model: Annotated[
        Literal["product", "ease", "popularity"] | None,
        typer.Option("--model", help="What is measured [one file: product; train and test files: ease]."),
    ] = None,
    l2: Annotated[
        float | None, typer.Option("--l2", metavar="X", help="How much weights are held down [product: 20 or 100].")
    ] = None,
    damping: Annotated[
        float | None,
        typer.Option("--damping", metavar="X", min=0, max=2, help="Power of listeners scores are divided by."),
    ] = None,
    binary: Annotated[bool, typer.Option("--binary", help="Count what was played once as much as the rest.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure suggestions on a public data set, beside simple models and published numbers; nothing of it is kept.

    One file (HetRec's user_artists.dat is read as it is): split at random 8:1:1 within each user, some of it hidden
    from the product's own model and looked for among all items; --model ease is EASE alone, log counts, l2 100.
    Train and test files: used as they are, and measured the way results on them are published: plain EASE on binary
    data, l2 500, no damping. The product's own model stands beside it; --model product turns it round.
    With --json: recall_at_10, mrr_at_10, ndcg_at_10, hit_at_10, precision_at_10 (means), recall_at_20, ndcg_at_100,
    coverage_at_10, gini_at_10, novelty_bits, outside_top_share, model, l2, damping, weights, sd, seeds, protocol,
    users, items, left_out, train, known, test (pairs), beside (the others), published.

    Example: playprint bench recommend --dataset hetrec2011-lastfm-2k --json
    """
    from commands.measuring import Wanted
    from commands.measuring import bench_recommend as measure

    measure(dataset, Wanted(seeds, model, l2, damping, binary), as_json=as_json)


@charts.command("import")
def trends_import(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="CSV files, zips of them, folders, or patterns in quotes.")
    ],
    country: Country = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="The chart's last day."),
    ] = None,
    window: ChartWindow = None,
    kind: Annotated[
        Literal["artist", "track", "album"] | None,
        typer.Option("--kind", metavar="KIND", help="artist, track or album; else as the columns say."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put chart files in: those charts.spotify.com lets you download, or plain ones of rank,title,artist,value.

    Country, window and the chart's last day are taken from names like regional-de-weekly-2026-08-20.csv unless said
    here. A file is stored wholly or not at all; charts that are stored and over stay as they are.
    Exit code 0: all were read; 1: some were refused, each with its reason; 2: the command could not run.
    With --json: a list of name, stored, kept (charts), entries, source, country, kind, window, first, until (the day
    after), error.

    Examples:
      playprint trends import regional-*.csv

      playprint trends import my-chart.csv --country DE --date 2026-08-20 --json
    """
    from commands.chart_files import import_charts

    import_charts(paths, country=country, day=day.date() if day else None, window=window, kind=kind, as_json=as_json)


@charts.command("list")
def trends_list(as_json: AsJson = False) -> None:
    """List the charts stored here: source, kind, window, country, first and last snapshot, how old the newest is.

    With --json: a list of source, kind, window, country, first, last, snapshots, computed_at, age (seconds).
    """
    from commands.trends import list_charts

    list_charts(as_json=as_json)


@charts.command("show")
def trends_show(
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="listenbrainz, spotify, files, lastfm …")
    ] = None,
    kind: Annotated[
        Literal["artist", "track", "album", "genre"] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="artist, track, album or genre; else songs of chart files, artists of others.",
        ),
    ] = None,
    window: ChartWindow = None,
    country: Country = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Any day of the chart wanted."),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", metavar="N", min=1, help="How many to print.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print a stored chart; what is left out is what fits best: the newest, the world, the first source.

    With --json: source, kind, window, country, first, until, computed_at, complete, and entries of rank, name, artist,
    value, previous_rank, peak_rank, weeks_on_chart, momentum (-1 to 1), entry ("", "new" or "re-entry").

    Example: playprint trends show --source spotify --kind track --country DE --date 2026-08-20 --top 10
    """
    from commands.trends import show_chart

    show_chart(
        source=source,
        kind=kind,
        window=window,
        country=country,
        day=day.date() if day else None,
        top=top,
        as_json=as_json,
    )


@charts.command("refresh")
def trends_refresh(as_json: AsJson = False) -> None:
    """Ask the sources that are on for charts that are due, in this process; a worker does so by itself once a day.

    With --json: began_at, ended_at, outcome (done, stopped, busy, off), and sources with how much each told.
    """
    from commands.trends import refresh

    refresh(as_json=as_json)


def main() -> None:
    """Run the command; what a person can do something about is one sentence on standard error and exit code 2."""
    try:
        app()
    except PlayprintError as error:
        typer.echo(error.message, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
