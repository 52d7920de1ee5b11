"""A person with a browser, and what tests ask of browsers."""

import re
import warnings
from dataclasses import dataclass

with warnings.catch_warnings():
    # Starlette would like the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["GOOD", "Someone", "TestClient", "cookie_line", "visitor"]

GOOD = "four words in a row"


@dataclass
class Someone:
    """A person and the browser they are signed in with."""

    id: int
    name: str
    client: TestClient
    csrf: str

    @property
    def cookie(self) -> str:
        return self.client.cookies["playprint"]


def visitor(client: TestClient) -> str:
    """Return the secret a form of this signed-out browser carries."""
    client.get("/")
    return client.cookies["playprint_visitor"]


def cookie_line(answer: object, name: str) -> str:
    """Return the Set-Cookie line of a cookie."""
    lines = [line for line in answer.headers.get_list("set-cookie") if re.match(f"{name}=", line)]  # type: ignore[attr-defined]
    assert len(lines) == 1
    return lines[0]
