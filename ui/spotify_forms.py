"""The forms around the Spotify connection."""

from core.domain.people import Session
from core.domain.spotify import SCOPES, WRITE_SCOPE, WRITING
from ui.forms import button_form, error_line, field, hidden
from ui.html import link, text

_TERMS = (
    "I have read what is asked for and what is kept, and the {privacy}. Spotify is no party to this; what Spotify "
    "sends stays Spotify's, is shown to me alone, and goes when I disconnect."
)

_WRITES = (
    "The rest is reading. Spotify's permission would reach further: it also lets an app change private playlists. "
    "Playprint makes new ones when you press the button, and neither changes nor deletes anything else"
)


def connect_form(
    session: Session, *, after: str, error: str = "", again: bool = False, proof: bool = False, write: bool = False
) -> str:
    """Return what connecting means in plain words, with the box to tick and the button that leads to Spotify.

    ``proof`` asks for the password: the Spotify account will sign in as this person from then on. ``write`` asks for
    making new playlists, too.
    """
    label = "Connect again" if again else "Connect with Spotify"
    label = "Ask Spotify for it" if write and again else label
    hint = "From then on this Spotify account signs in as you, too."
    password = field("password", "Your password", kind="password", autocomplete="current-password", hint=hint)
    return (
        '<form class="pp-form pp-wideform" method="post" action="/spotify/connect">'
        f"{hidden('csrf', session.csrf)}{hidden('next', after)}{error_line(error)}"
        f"{hidden('write', 'yes') if write else ''}{_terms(write=write)}{password if proof else ''}"
        f'<button class="pp-button" type="submit">{label}</button></form>'
    )


def _terms(*, write: bool = False) -> str:
    """Return what is asked for in plain words, and the box that accepts it."""
    wanted = {**({WRITE_SCOPE: WRITING} if write else {}), **SCOPES}
    asked = "".join(f"<li>{text(words)} <code>{text(scope)}</code></li>" for scope, words in wanted.items())
    reading = _WRITES if write else "All of it is reading. Playprint cannot play, change or delete anything at Spotify"
    terms = text(_TERMS).replace("{privacy}", link("/privacy", "privacy page"))
    return (
        f'<div><p><strong>Playprint will ask Spotify for</strong></p><ul class="pp-scopes">{asked}</ul>'
        f'<p class="pp-hint">{reading}, and never sees your password, e-mail address or payments.</p></div>'
        '<label class="pp-check"><input type="checkbox" name="terms" value="yes" required /> '
        f"<span>{terms}</span></label>"
    )


def sign_in_with_spotify_form(csrf: str, *, after: str) -> str:
    """Return the button that signs a visitor in with Spotify, which is asked who they are and nothing else."""
    return (
        '<form class="pp-form" method="post" action="/spotify/sign-in">'
        f"{hidden('csrf', csrf)}{hidden('next', after)}"
        '<button class="pp-button pp-quiet" type="submit">Sign in with Spotify</button></form>'
    )


def join_with_spotify_form(csrf: str, *, invitation: str) -> str:
    """Return the form that makes an account connected with Spotify; ``csrf`` is the visitor cookie's value."""
    return (
        '<form class="pp-form pp-wideform" method="post" action="/spotify/sign-in">'
        f"{hidden('csrf', csrf)}{hidden('next', '/')}{hidden('invitation', invitation)}{_terms()}"
        '<button class="pp-button pp-quiet" type="submit">Begin with Spotify</button></form>'
    )


def sync_form(session: Session) -> str:
    """Return the button that asks for a sync now."""
    return f'<div class="pp-form">{button_form("/spotify/sync", session, "Sync now", quiet=True)}</div>'


def disconnect_form(session: Session) -> str:
    """Return the button that takes the connection and everything from it away; shown after a first confirmation."""
    return f'<div class="pp-form">{button_form("/spotify/disconnect", session, "Disconnect now")}</div>'
