"""The privacy page: what is kept of whom, for how long, who answers for it, and the terms of the Spotify connection."""

import streamlit as st

from ui import html, panels
from ui.context import app

_KEPT = (
    ("Your listens", "From your exports: what you played, when, for how long, how it began and ended, kind of device, "
     "country.", "Until you undo the import or delete the account"),
    ("Dropped at the door", "Addresses, user agents, device names and account names of an export, its mail and "
     "payment files.", "Never stored"),
    ("Your uploads", "The zip, in a folder only the server may read.", "Until it is read in, a day at the most"),
    ("Your account", "Name, a hash of the password, your settings; an e-mail address only if you give one.",
     "Until you delete the account"),
    ("Sessions", "That a browser is signed in: kind of browser and system, when it was last seen.",
     "30 days at the most"),
    ("Account events", "Signing in and out, changed passwords, invitations; where from only as a hash that nobody "
     "can undo.", "180 days"),
    ("From Spotify, if you connect", "Your last plays, Spotify's rankings of you, playlists, saved music, followed "
     "artists; the encrypted permission to ask for them.", "Until you disconnect: then at once"),
    ("Community charts, if you take part", "Since when you take part. Lists of what members play are made of it: "
     "rounded numbers of listeners, none of fewer than ten people, no names, no play counts.",
     "Until you stop or delete the account; lists made before stay, with nothing of yours by itself"),
    ("Suggestions from members, if you take part", "Since when you take part, and to which text you agreed. The model "
     "that is learned holds which artists, albums and songs you played and how often: no names, no times.",
     "Until you stop or delete the account: then the model is deleted at once and learned again without you"),
    ("Facts about music", "Genres, years and areas of artists, and whom people elsewhere play beside them, from "
     "MusicBrainz and ListenBrainz. They are asked about artists, never about people.",
     "Kept; they are about nobody here"),
)  # fmt: skip
_RIGHTS = (
    "See everything: your pages show all of it, and History and Imports give it to you as files.",
    "Take it back: undo an import, disconnect Spotify, leave things out.",
    "Stop taking part in the community charts, under Settings.",
    "Stop taking part in suggestions from members, under Settings.",
    "Read what happened to your account, and end any session, under Account.",
    "Delete the account with everything in it, at once, under Account.",
)
_SPOTIFY = (
    "Connecting is a choice. Everything but the latest plays, rankings and lists works from exports alone.",
    "Playprint is not affiliated with Spotify, and Spotify answers for nothing here. Spotify may rely on these terms.",
    "What comes from Spotify's service is shown to you alone: never published, compared with others, passed on, used "
    "to train anything, or taken apart to find out how Spotify works.",
    "You may end it at any moment with Disconnect, and also on Spotify's own page of connected apps.",
)


def kept() -> None:
    """Draw what is kept, and for how long."""
    st.html(panels.head("What is kept"))
    columns = [html.Column("What", "text"), html.Column("In words", "prose"), html.Column("How long", "prose")]
    rows = [[html.plain(what), html.plain(words), html.plain(until)] for what, words, until in _KEPT]
    st.html(html.Table("What is kept", columns, rows).html())


def rights() -> None:
    """Draw what each person may do, and who runs this instance."""
    left, right = st.columns(2, gap="large")
    with left:
        st.html(f'<div class="pp-help"><h2>What you can do</h2><ul>{_list(_RIGHTS)}</ul></div>')
    with right:
        who = app().settings.operator
        words = html.text(who) if who else "Whoever gave you this address; they have not written their name here."
        st.html(
            f'<div class="pp-help"><h2>Who runs this Playprint</h2><p>{words}</p>'
            "<p>No page of it asks any other host for anything: no fonts, no counters, no pictures from elsewhere.</p>"
            "</div>"
        )


def spotify_terms() -> None:
    """Draw the terms of connecting to Spotify."""
    st.html(f'<div class="pp-help"><h2>Connecting to Spotify</h2><ul>{_list(_SPOTIFY)}</ul></div>')


def _list(items: tuple[str, ...]) -> str:
    return "".join(f"<li>{html.text(item)}</li>" for item in items)
