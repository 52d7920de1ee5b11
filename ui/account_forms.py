"""The forms of the account page: password, e-mail, second factor, sessions, leaving."""

from core.domain.people import Session
from ui.forms import button_form, error_line, field, hidden, new_password
from ui.html import text


def _form(action: str, session: Session, inside: str, button: str, *, error: str = "", quiet: bool = False) -> str:
    look = "pp-button pp-quiet" if quiet else "pp-button"
    return (
        f'<form class="pp-form" method="post" action="{action}">{hidden("csrf", session.csrf)}{error_line(error)}'
        f'{inside}<button class="{look}" type="submit">{text(button)}</button></form>'
    )


def _proof(has_password: bool, label: str = "Your password") -> str:
    """Return the field in which a person shows that it is them; those without a password signed in just now."""
    return field("password", label, kind="password", autocomplete="current-password") if has_password else ""


def password_form(session: Session, *, has_password: bool, error: str = "") -> str:
    """Return the form that sets a new password."""
    now = field("current", "Present password", kind="password", autocomplete="current-password")
    who = f'<input type="text" value="{text(session.name)}" autocomplete="username" readonly class="pp-hidden" tabindex="-1" aria-hidden="true" />'  # noqa: E501
    inside = who + (now if has_password else "") + new_password()
    return _form(
        "/account/password", session, inside, "Change password" if has_password else "Set password", error=error
    )


def email_form(session: Session, *, email: str, has_password: bool, error: str = "") -> str:
    """Return the form that stores or takes away the address reset links are mailed to."""
    address = field(
        "email",
        "E-mail address",
        kind="email",
        autocomplete="email",
        most=254,
        value=email,
        optional=True,
        hint="For a link when you forget your password, nothing else. Leave it empty to take it away.",
    )
    return _form("/account/email", session, address + _proof(has_password), "Save address", error=error, quiet=True)


def second_factor_begin_form(session: Session, *, has_password: bool, error: str = "") -> str:
    """Return the form that begins setting up a second factor."""
    return _form(
        "/account/second-factor/begin", session, _proof(has_password), "Set up", error=error, quiet=has_password
    )


def second_factor_confirm_form(session: Session, *, qr: str, secret: str, error: str = "") -> str:
    """Return the picture to scan, the secret to type instead, and the field for the first code."""
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    shown = (
        "<p>Scan this with an authenticator app, then type the six digits it shows.</p>"
        f'<img class="pp-qr" src="{text(qr)}" alt="The secret of the second factor, as a picture to scan" />'
        f'<p class="pp-hint">Or type it there: <code>{text(spaced)}</code></p>'
    )
    code = field("code", "Six digits", autocomplete="one-time-code")
    return _form("/account/second-factor/confirm", session, shown + code, "Switch on", error=error)


def second_factor_off_form(session: Session, *, has_password: bool, error: str = "") -> str:
    """Return the form that switches the second factor off."""
    code = field("code", "Six digits, or a recovery code", autocomplete="one-time-code")
    return _form(
        "/account/second-factor/off", session, _proof(has_password) + code, "Switch off", error=error, quiet=True
    )


def end_session_form(session: Session, *, key: str) -> str:
    """Return the button that ends one session."""
    return f'<div class="pp-inline">{button_form("/account/sessions/end", session, "End", quiet=True, key=key)}</div>'


def end_others_form(session: Session) -> str:
    """Return the button that ends every session but this one."""
    button = button_form("/account/sessions/end-others", session, "End all others", quiet=True)
    return f'<div class="pp-form">{button}</div>'


def leave_form(session: Session, *, by_name: bool, second_factor: bool, error: str = "") -> str:
    """Return the first step of deleting the account: who asks must show that it is them."""
    proof = (
        field("password", f"Type your name: {session.name}", autocomplete="off")
        if by_name
        else _proof(has_password=True)
    )
    code = field("code", "Six digits, or a recovery code", autocomplete="one-time-code") if second_factor else ""
    return _form("/account/leave", session, proof + code, "Go on", error=error, quiet=True)


def leave_confirm_form(session: Session, *, token: str) -> str:
    """Return the second step: the button that deletes everything."""
    return _form("/account/leave/confirm", session, hidden("token", token), "Delete my account now")
