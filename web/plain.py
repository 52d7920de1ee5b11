"""Plain pages, for what is shown once and kept nowhere: recovery codes, links, the receipt of a deleted account."""

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from core.domain.membership import Receipt

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>{title} · Playprint</title>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg" />
<link rel="stylesheet" href="/assets/plain.css" />
</head>
<body class="pp-plain">
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def codes_page(codes: Iterable[str]) -> Response:
    """Return the page of the recovery codes of a second factor."""
    rows = "".join(f"<li><code>{escape(code)}</code></li>" for code in codes)
    return _page(
        "Your recovery codes",
        "<p>The second factor is on. Should your phone be lost, each of these codes opens your account once in its "
        "place. Write them down now: this page is shown this one time.</p>"
        f"<ol>{rows}</ol>{_onward('/account', 'I have written them down')}",
    )


def link_page(title: str, words: str, link: str, *, after: str) -> Response:
    """Return the page of a one-time link, to be copied and handed on."""
    shown = f"<p>{escape(words)}</p><p><code>{escape(link)}</code></p>"
    return _page(title, f"{shown}<p>It is shown this one time.</p>{_onward(after, 'Back to the people')}")


def receipt_page(receipt: Receipt) -> Response:
    """Return the page a person who has left sees: when, an opaque number, and how much is gone."""
    rows = "".join(
        f"<li>{escape(what.capitalize())}: {count:,}</li>" for what, count in receipt.counts.items() if count
    )
    gone = f"<p>Gone with it:</p><ul>{rows}</ul>" if rows else ""
    return _page(
        "Your account is deleted",
        f"<p>Deleted at {receipt.at:%Y-%m-%d %H:%M} UTC. Receipt number: <code>{escape(receipt.number)}</code></p>"
        f"{gone}<p>Nothing of it is kept here, this receipt included. Copies in backups of this Playprint end with "
        f"them.</p>{_onward('/', 'To the start')}",
    )


def nothing_here() -> Response:
    """Return the answer for what is not there, or not for whoever asks: both look the same."""
    return PlainTextResponse("There is nothing here.", status_code=404)


def _page(title: str, body: str) -> Response:
    return HTMLResponse(_PAGE.format(title=escape(title), body=body))


def _onward(path: str, words: str) -> str:
    return f'<p><a href="{path}">{escape(words)}</a></p>'
