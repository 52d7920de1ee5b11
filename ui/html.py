"""Small pieces of HTML that Streamlit has no element for; every foreign text passes through ``text()``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

Change = Literal["up", "down", "same", "new", ""]
Kind = Literal["rank", "change", "name", "number", "bar", "spark", "text", "when", "prose"]


def text(value: object) -> str:
    """Return foreign text as HTML text: nothing in it can become markup, bidi overrides are taken out."""
    return escape(str(value).translate(_INVISIBLE), quote=True)


_INVISIBLE = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))


def link(href: str, label: str, *, title: str = "") -> str:
    """Return a link inside Playprint that stays in this tab."""
    hint = f' title="{text(title)}"' if title else ""
    return f'<a href="{text(href)}" target="_self"{hint}>{text(label)}</a>'


def outward(href: str, label: str) -> str:
    """Return a link to another site, in a tab of its own; that site is not told where one came from."""
    return f'<a href="{text(href)}" target="_blank" rel="noreferrer">{text(label)}</a>'


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a strip: label, value, and how it changed; ``good`` is never said by colour alone."""

    label: str
    value: str
    change: str = ""
    direction: Change = ""
    hint: str = ""


def facts(items: Iterable[Fact], *, wordy: bool = False) -> str:
    """Return a strip of figures: at most six beside each other on a desk, three on less (two if ``wordy``)."""
    shown = [_fact(item) for item in items]
    classes, wide = "pp-facts pp-wordy" if wordy else "pp-facts", max(1, min(6, len(shown)))
    return f'<dl class="{classes}" style="--n:{wide}">{"".join(shown)}</dl>'


def _fact(item: Fact) -> str:
    arrow = {"up": "▲", "down": "▼", "same": "=", "new": "●"}.get(item.direction, "")
    changed = f'<span class="pp-change">{arrow} {text(item.change)}</span>' if item.change else ""
    hint = f' title="{text(item.hint)}"' if item.hint else ""
    return (
        f'<div{hint}><dt>{text(item.label)}</dt><dd class="pp-value">{text(item.value)}</dd>'
        f'<dd class="pp-delta">{changed or "&nbsp;"}</dd></div>'
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: ``kind`` decides alignment and width; ``sort`` makes the header a link."""

    label: str
    kind: Kind = "text"
    sort: str = ""
    sorted: bool = False
    rising: bool = False  # sorted with the smallest first
    phone: bool = True
    hint: str = ""
    spoken: bool = False  # the label is for screen readers alone


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: ``html`` is trusted markup made by this module, ``order`` nothing but what is read."""

    html: str
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells with a caption for screen readers."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = field(default_factory=tuple)
    wide: bool = False
    low: bool = False  # scrolls in a box of its own height

    def html(self) -> str:
        """Return the table; it scrolls sideways in its own box when it must."""
        head = "".join(_header(column) for column in self.columns)
        body = "".join(f"<tr>{''.join(map(_cell, self.columns, row))}</tr>" for row in self.rows)
        box = "pp-scroll pp-low" if self.low else "pp-scroll"
        return (
            f'<div class="{box}" tabindex="0" role="region" aria-label="{text(self.caption)}">'
            f'<table class="pp-table{" pp-wide" if self.wide else ""}"><caption>{text(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def _header(column: Column) -> str:
    label = f'<span class="pp-spoken">{text(column.label)}</span>' if column.spoken else text(column.label)
    arrow, order = (" ▴", "ascending") if column.rising else (" ▾", "descending")
    if column.sort:
        label = f'<a href="{text(column.sort)}" target="_self">{label}{arrow if column.sorted else ""}</a>'
    sort = f' aria-sort="{order}"' if column.sorted else ""
    hint = f' title="{text(column.hint)}"' if column.hint else ""
    return f'<th scope="col" class="{_classes(column)}"{sort}{hint}>{label}</th>'


def _cell(column: Column, cell: Cell) -> str:
    return f'<td class="{_classes(column)} {cell.classes}">{cell.html}</td>'


def _classes(column: Column) -> str:
    return f"pp-{column.kind}{'' if column.phone else ' pp-desk'}"


def plain(value: object) -> Cell:
    """Return a cell of foreign text."""
    return Cell(text(value))


def name(href: str, label: str, *, under: str = "", under_href: str = "") -> Cell:
    """Return the cell of a linked name with a smaller line under it."""
    below = ""
    if under:
        below = f'<div class="pp-under">{link(under_href, under) if under_href else text(under)}</div>'
    return Cell(f'<div class="pp-clip">{link(href, label, title=label)}</div>{below}')


def unlinked(label: str, *, under: str = "") -> Cell:
    """Return the cell of a name that has no page, with a smaller line under it."""
    below = f'<div class="pp-under">{text(under)}</div>' if under else ""
    return Cell(f'<div class="pp-clip" title="{text(label)}">{text(label)}</div>{below}')


def bar(value: float, most: float, label: str, *, href: str = "") -> Cell:
    """Return a cell with a bar of ``value`` on a scale to ``most`` and its label; a click on the bar follows ``href``.

    The name beside it is the link for keyboards and screen readers, so the bar is no second one for them.
    """
    width = 0 if most <= 0 else round(value / most * 100, 1)
    drawn = f'<span class="pp-bar" style="--w:{width}%"></span>'
    if href:
        drawn = f'<a href="{text(href)}" target="_self" tabindex="-1" aria-hidden="true">{drawn}</a>'
    return Cell(f'{drawn}<span class="pp-barlabel">{text(label)}</span>')


def rank_change(change: int | None) -> Cell:
    """Return a rank's movement: places up (positive), down (negative), none, or new (``None``)."""
    if change is None:
        return Cell('<span class="pp-new">new</span>')
    if change == 0:
        return Cell('<span class="pp-same" title="same rank">–</span>')
    word = "up" if change > 0 else "down"
    arrow = "▲" if change > 0 else "▼"
    return Cell(f'<span class="pp-{word}" title="{word} {abs(change)}">{arrow}{abs(change)}</span>')


def entry(word: str) -> Cell:
    """Return the cell of something that has just come onto a chart: "new", or "back"."""
    return Cell(f'<span class="pp-new">{text(word)}</span>')


MOMENTUM = ((0.6, "▲▲", "rising fast"), (0.3, "▲", "rising"), (-0.3, "►", "steady"), (-0.6, "▼", "falling"))


def momentum(value: float | None) -> Cell:
    """Return the arrows of a momentum between -1 and 1, with the word for them."""
    if value is None:
        return Cell('<span class="pp-same" title="too new to tell">–</span>')
    arrows, word = next(((a, w) for least, a, w in MOMENTUM if value >= least), ("▼▼", "falling fast"))
    kind = {"▲": "up", "▼": "down"}.get(arrows[0], "same")
    return Cell(f'<span class="pp-{kind}" title="{word}" role="img" aria-label="{word}">{arrows}</span>')


def spark(values: Sequence[float], label: str) -> Cell:
    """Return a small filled curve of ``values`` with a text alternative.

    It is a box cut by a polygon: Streamlit takes SVG out of HTML, and styles it leaves.
    """
    most, last = max(values, default=0) or 1, max(len(values) - 1, 1)
    points = ",".join(f"{i / last:.1%} {1 - v / most:.0%}" for i, v in enumerate(values))
    shape = f"polygon(0 100%,{points},100% 100%)" if values else "inset(100%)"
    return Cell(f'<span class="pp-curve" role="img" aria-label="{text(label)}" style="clip-path:{shape}"></span>')


def note(words: str, *, action: str = "", href: str = "") -> str:
    """Return a quiet line of text, with a link to what can be done about it."""
    more = f" {link(href, action)}" if action else ""
    return f'<p class="pp-note">{text(words)}{more}</p>'
