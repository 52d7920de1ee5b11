"""The forms that must post to a route rather than to Streamlit: signing in and out, first password, upload.

Each is a piece of HTML for ``st.html``; ``web/static/forms.css`` dresses it, ``web/static/links.js`` improves the
upload. Field names avoid those of a form's own properties (``name``, ``action`` …): the browser-side cleaning of
HTML takes such names away.
"""

from core.domain.people import SENTENCES, Session, User
from ui.html import text


def error_line(code: str) -> str:
    """Return the line that says what an error code of an address means; nothing for unknown codes."""
    return f'<p class="pp-error" role="alert">{text(SENTENCES[code])}</p>' if code in SENTENCES else ""


def sign_in_form(csrf: str, *, after: str = "/", error: str = "") -> str:
    """Return the sign-in form; ``csrf`` is the visitor cookie's value, ``after`` the page to return to."""
    return (
        '<form class="pp-form" method="post" action="/auth/sign-in">'
        f"{hidden('csrf', csrf)}{hidden('next', after)}{error_line(error)}"
        f"{field('person', 'Name', autocomplete='username')}"
        f"{field('password', 'Password', kind='password', autocomplete='current-password')}"
        '<label class="pp-check"><input type="checkbox" name="stay" value="yes" /> '
        "<span>Stay signed in on this device</span></label>"
        '<button class="pp-button" type="submit">Sign in</button></form>'
    )


def second_factor_form(csrf: str, *, after: str, error: str = "") -> str:
    """Return the form that asks for the code of the second factor."""
    code = field(
        "code", "Six digits", autocomplete="one-time-code", hint="From your app, or one of your recovery codes."
    )
    return (
        '<form class="pp-form" method="post" action="/auth/second-factor">'
        f"{hidden('csrf', csrf)}{hidden('next', after)}"
        f'{error_line(error)}{code}<button class="pp-button" type="submit">Sign in</button></form>'
    )


def register_form(csrf: str, *, invitation: str, timezone: str = "", error: str = "") -> str:
    """Return the form that makes an account, behind an invitation or where registration is open."""
    return (
        '<form class="pp-form" method="post" action="/auth/register">'
        f"{hidden('csrf', csrf)}{hidden('invitation', invitation)}{hidden('timezone', timezone)}{error_line(error)}"
        + field("person", "Your name", autocomplete="username", hint="Up to 40 characters; shown to people here.")
        + new_password()
        + '<button class="pp-button" type="submit">Make my account</button></form>'
    )


def forgot_form(csrf: str, *, error: str = "") -> str:
    """Return the form that asks for a reset link by mail."""
    return (
        f'<form class="pp-form" method="post" action="/auth/forgot">{hidden("csrf", csrf)}{error_line(error)}'
        f"{field('person', 'Your name or e-mail address', autocomplete='username', most=254)}"
        '<button class="pp-button" type="submit">Mail me a link</button></form>'
    )


def new_password() -> str:
    """Return the two fields of a new password."""
    hint = "At least 12 characters; a few words in a row are easy to remember."
    first = field("password", "New password", kind="password", autocomplete="new-password", hint=hint, least=12)
    return first + field("repeat", "The same once more", kind="password", autocomplete="new-password", least=12)


def redeem_form(csrf: str, *, link: str, user: User, timezone: str = "", error: str = "") -> str:
    """Return the form behind a one-time link: a new password, and the name too for a person who has none yet.

    ``timezone`` is the browser's: a new person's days are counted in it until they choose another.
    """
    known = user.has_password or user.role != "owner"
    who = (
        f'<p>For <strong>{text(user.name)}</strong></p><input type="text" value="{text(user.name)}" '
        'autocomplete="username" readonly class="pp-hidden" tabindex="-1" aria-hidden="true" />'
        if known
        else field("person", "Your name", autocomplete="username", hint="Up to 40 characters; shown to people here.")
    )
    return (
        '<form class="pp-form" method="post" action="/auth/redeem">'
        f"{hidden('csrf', csrf)}{hidden('link', link)}{hidden('timezone', timezone)}"
        f"{error_line(error)}{who}"
        + new_password()
        + '<button class="pp-button" type="submit">Save and sign in</button></form>'
    )


def sign_out_form(session: Session, *, error: str = "") -> str:
    """Return the two buttons that end this session, or every session of the person."""
    return (
        f'<div class="pp-form">{error_line(error)}'
        f"{button_form('/auth/sign-out', session, 'Sign out')}"
        f"{button_form('/auth/sign-out-everywhere', session, 'Sign out on every device', quiet=True)}</div>"
    )


def upload_form(session: Session, *, most_mb: int, error: str = "", other_account: bool = False) -> str:
    """Return the form that takes the files of an export, by choosing or dropping; works without JavaScript too.

    ``most_mb`` is the largest upload in megabytes; ``other_account`` offers the box that confirms an export of
    another Spotify account.
    """
    other = (
        '<label class="pp-check"><input type="checkbox" name="other_account" value="yes" /> '
        "<span>This export is of another Spotify account, and its listening belongs here too</span></label>"
        if other_account
        else ""
    )
    return (
        '<form class="pp-form pp-upload" id="pp-upload" method="post" action="/upload" '
        f'enctype="multipart/form-data" data-most="{most_mb * 1_000_000}">'
        f"{hidden('csrf', session.csrf)}{error_line(error)}{other}"
        '<label class="pp-drop"><span class="pp-drop-words"><strong>Drop the zip here</strong> or choose it</span>'
        '<span class="pp-hint">The zip as Spotify mailed it, or single JSON files of it; '
        f"up to {most_mb:,} MB. It is deleted once it is read in.</span>"
        '<input data-part="files" type="file" name="files" multiple required accept=".zip,.json" /></label>'
        '<progress data-part="progress" max="1" value="0" aria-label="Upload" hidden></progress>'
        '<p class="pp-status" data-part="status" role="status"></p>'
        '<button class="pp-button" data-part="send" type="submit">Upload</button></form>'
    )


def hidden(name: str, value: str) -> str:
    """Return a field that nobody sees."""
    return f'<input type="hidden" name="{name}" value="{text(value)}" />'


def button_form(action: str, session: Session, label: str, *, quiet: bool = False, **fields: str) -> str:
    """Return a form that is nothing but a button; ``fields`` go with it."""
    look = "pp-button pp-quiet" if quiet else "pp-button"
    more = "".join(hidden(name, value) for name, value in fields.items())
    return (
        f'<form method="post" action="{action}">{hidden("csrf", session.csrf)}{more}'
        f'<button class="{look}" type="submit">{text(label)}</button></form>'
    )


def field(
    name: str,
    label: str,
    *,
    autocomplete: str,
    kind: str = "text",
    hint: str = "",
    least: int = 0,
    most: int = 40,
    value: str = "",
    optional: bool = False,
) -> str:
    """Return a labelled input, required unless ``optional``; ``least`` and ``most`` are how long its value may be."""
    shortest = f' minlength="{least}"' if least else ""
    longest = f' maxlength="{most}"' if kind in ("text", "email") else ""
    filled = f' value="{text(value)}"' if value else ""
    needed = "" if optional else " required"
    described = f'<span class="pp-hint" id="pp-{name}-hint">{text(hint)}</span>' if hint else ""
    by = f' aria-describedby="pp-{name}-hint"' if hint else ""
    return (
        f'<label class="pp-field"><span>{text(label)}</span>'
        f'<input type="{kind}" name="{name}" autocomplete="{autocomplete}"{needed}{filled}{shortest}{longest}{by} />'
        f"{described}</label>"
    )
