"""The page that asks for consent; it looks like nobody's and says what it is."""

from collections.abc import Mapping
from html import escape

from .world import World

_STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem;
color: #222; background: #fafafa } form { display: inline }
button { font: inherit; padding: .4rem .9rem; margin: .2rem 0 }
li { margin: .3rem 0 }"""


def consent_page(world: World, asked: Mapping[str, str]) -> str:
    """Return the page on which one of the people agrees, or cancels."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
        if name not in ("as", "agree")
    )
    scopes = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in asked.get("scope", "").split())
    people = "".join(f"<li>{_button(hidden, name, world)}</li>" for name in world.people)
    cancel = _form(hidden, '<button name="agree" value="0">Cancel</button>')
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A stand-in for Spotify</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><main><h1>A stand-in for Spotify</h1>
<p>This page is for trying things out. It is not Spotify's, asks for no password, and its people are made up.</p>
<p>An app asks for:</p><ul>{scopes or "<li>nothing but who you are</li>"}</ul>
<p>Who are you?</p><ul>{people}</ul>{cancel}</main></body></html>"""


def _button(hidden: str, name: str, world: World) -> str:
    listed = "" if name in world.allowed or world.mode == "extended" else " (not on the app's list)"
    button = f'<button name="as" value="{escape(name)}">Agree as {escape(name.capitalize())}</button>'
    return _form(f'{hidden}<input type="hidden" name="agree" value="1">', button) + listed


def _form(hidden: str, button: str) -> str:
    return f'<form method="post" action="/authorize">{hidden}{button}</form>'
