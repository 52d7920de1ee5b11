"""One call of the Web API, and the list of endpoints that answer calls."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .answers import Refusal
from .people import Person
from .shapes import Shapes
from .world import World

CATALOGUE_IDS = re.compile(r"[0-9A-Za-z]{22}")


@dataclass
class Call:
    """What an endpoint gets to see."""

    world: World
    shapes: Shapes
    path: str
    query: Mapping[str, str]
    parts: dict[str, str] = field(default_factory=dict)
    body: Any = None
    scopes: frozenset[str] = frozenset()
    caller: Person | None = None

    @property
    def person(self) -> Person:
        """Return who asks."""
        if self.caller is None:
            raise Refusal(401, "Valid user authentication required")
        return self.caller

    @property
    def href(self) -> str:
        """Return the address that was called, without its query."""
        return self.shapes.api(self.path)

    def asked(self, name: str) -> str:
        """Return a part of the query that must be there."""
        if not self.query.get(name):
            raise Refusal(400, f"Missing required field: {name}")
        return self.query[name]

    def known(self, kind: type, id: str, name: str) -> Any:
        """Return what an id stands for."""
        if not CATALOGUE_IDS.fullmatch(id):
            raise Refusal(400, "Invalid base62 id")
        found = self.world.music.find(f"spotify:{name}:{id}")
        if not isinstance(found, kind):
            raise Refusal(404, "Resource not found")
        return found


Answer = Callable[[Call], Any]


@dataclass(frozen=True)
class Endpoint:
    """One endpoint; closed ones answer 403 to apps in development mode since 2026."""

    name: str
    answer: Answer
    scopes: frozenset[str]
    closed: bool
    status: int


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(name: str, *scopes: str, closed: bool = False, status: int = 200) -> Callable[[Answer], Answer]:
    """Register a function as the answer of ``GET /some/{id}``; all of the scopes are needed."""

    def register(answer: Answer) -> Answer:
        ENDPOINTS[name] = Endpoint(name, answer, frozenset(scopes), closed, status)
        return answer

    return register


def find(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the endpoint that a path means, and the parts of the path; those spelt out go first."""
    if exact := ENDPOINTS.get(f"{method} {path}"):
        return exact, {}
    for endpoint in ENDPOINTS.values():
        verb, template = endpoint.name.split(" ")
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        if verb == method and (match := re.fullmatch(pattern, path)):
            return endpoint, match.groupdict()
    return None
