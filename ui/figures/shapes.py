"""The shapes of the world's countries: where a browser finds them, and a specification that carries them itself."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from ui.countries import WORLD

SHAPES = WORLD / "countries.json"


@lru_cache(maxsize=1)
def address() -> str:
    """Return where a browser finds the shapes; it changes with them, so they may be kept."""
    return f"/assets/world.json?v={hashlib.sha256(SHAPES.read_bytes()).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def shapes() -> dict[str, Any]:
    """Return the shapes themselves, for a picture that fetches nothing."""
    made: dict[str, Any] = json.loads(SHAPES.read_text())
    return made


def inlined(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification with the shapes in place of their address, wherever it stands."""

    def walked(part: Any) -> Any:
        if isinstance(part, dict):
            if part.get("url") == address():
                return {"values": shapes(), **{key: value for key, value in part.items() if key != "url"}}
            return {key: walked(value) for key, value in part.items()}
        return [walked(one) for one in part] if isinstance(part, list) else part

    made: dict[str, Any] = walked(spec)
    return made
