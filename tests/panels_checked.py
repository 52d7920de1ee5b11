"""What every panel must say about itself, whoever's listening or charts it is about."""

import re

from ui import definitions
from ui.figures.panel import Listing, Panel, Picture, Strip

METRICS = {name for _, parts in definitions.chapters() for name, _ in parts}


def check(made: Panel) -> None:
    """Hold a panel to what every panel says about itself."""
    assert made.title.strip()
    assert not made.title.endswith(".")
    assert not re.search(r"\bNone\b(?! of )", f"{made.title} {made.about} {made.n}")
    assert "nan" not in (made.title + made.about).lower().split()
    if isinstance(made, Picture):
        assert made.alternative.strip()
        fields = set(made.rows.column_names)
        assert not [name for name in named(made.spec) if name not in fields and not name.startswith("datum")]
    if isinstance(made, Listing):
        assert made.empty.endswith((".", "?"))
        wanted = {c.field for c in made.columns if c.kind != "rank"} | {c.under for c in made.columns if c.under}
        assert wanted <= set(made.frame.columns)
    if isinstance(made, Strip):
        assert made.frame.height <= 1 or made.frame.is_empty()


def named(spec: object) -> set[str]:
    """Return the fields of the rows that the encodings of a specification name (those made by transforms left out)."""
    found: set[str] = set()
    if isinstance(spec, dict):
        made = {
            name
            for step in spec.get("transform", [])
            for name in ([step["as"]] if isinstance(step.get("as"), str) else step.get("as") or [])
        }
        for key, value in spec.items():
            if key == "encoding" and "data" not in spec:
                for channel in value.values():
                    for part in channel if isinstance(channel, list) else [channel]:
                        if isinstance(part, dict) and isinstance(part.get("field"), str):
                            found.add(part["field"])
            found |= named(value) if key not in ("encoding", "transform", "data") else set()
        found -= made
    elif isinstance(spec, list):
        for part in spec:
            found |= named(part)
    return found
