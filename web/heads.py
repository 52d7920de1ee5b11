"""What the head of a page says to people who share it and to search engines."""

from dataclasses import dataclass
from html import escape

DESCRIPTION = "Ten years of your own listening, on your own machine."


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one page; addresses are whole ones.

    ``address``: of this very view. ``canonical``: of the page search engines list in its place. ``image``: its picture,
    ``alternative`` what that shows. ``indexed``: whether search engines may list it. ``entries``: what the page shows,
    as words and path, for browsers without scripts.
    """

    title: str = ""
    description: str = DESCRIPTION
    address: str = ""
    canonical: str = ""
    image: str = ""
    alternative: str = ""
    indexed: bool = False
    entries: tuple[tuple[str, str], ...] = ()

    @property
    def tags(self) -> str:
        """Return title and tags as HTML; every word is escaped."""
        shared = self._shared() if self.address else ""
        title = f"{self.title} · Playprint" if self.title else "Playprint"
        return (
            f"<title>{escape(title)}</title>\n"
            f'<meta name="description" content="{escape(self.description)}" />\n'
            f'<meta name="robots" content="{"index,follow" if self.indexed else "noindex"}" />\n'
            f"{shared}"
        )

    def _shared(self) -> str:
        properties = {
            "og:site_name": "Playprint",
            "og:type": "website",
            "og:title": self.title,
            "og:description": self.description,
            "og:url": self.address,
            "og:image": self.image,
            "og:image:type": "image/png",
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": self.alternative,
        }
        lines = [f'<link rel="canonical" href="{escape(self.canonical)}" />']
        lines += [f'<meta property="{name}" content="{escape(value)}" />' for name, value in properties.items()]
        return "\n".join([*lines, '<meta name="twitter:card" content="summary_large_image" />', ""])

    @property
    def listed(self) -> str:
        """Return what the page shows as HTML, for browsers without scripts; blank where it says nothing."""
        if not self.entries:
            return ""
        items = "".join(
            f'<li><a href="{escape(path)}">{escape(words)}</a></li>' if path else f"<li>{escape(words)}</li>"
            for words, path in self.entries
        )
        words = f"<p>{escape(self.description)}</p>"
        return f"<h1>{escape(self.title)}</h1><ol>{items}</ol>{words}"


PLAIN = Head()
