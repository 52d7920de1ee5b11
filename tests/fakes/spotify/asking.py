"""A plain client of the fake, for tests of the fake itself."""

from typing import Any

import requests

from .server import FakeSpotify
from .tokens import ALL_SCOPES


class Asker:
    """Calls the Web API as somebody who agreed to everything, or to ``scopes``."""

    def __init__(
        self, fake: FakeSpotify, name: str = "alice", *, scopes: frozenset[str] | set[str] = ALL_SCOPES
    ) -> None:
        self.fake = fake
        given = fake.consent(name, scopes=scopes)
        self.access, self.refresh = str(given["access_token"]), str(given["refresh_token"])

    def ask(self, path: str, method: str = "GET", body: object = None, **query: Any) -> requests.Response:
        """Return the answer to a call."""
        headers = {"Authorization": f"Bearer {self.access}"}
        address = path if path.startswith("http") else self.fake.api_url + path
        return requests.request(method, address, params=query, json=body, headers=headers, timeout=5)

    def get(self, path: str, **query: Any) -> Any:
        """Return the body of an answer that must be good."""
        answer = self.ask(path, **query)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.json()

    def all(self, path: str, **query: Any) -> list[Any]:
        """Return everything on a list, by following its links."""
        page = self.get(path, **query)
        found = list(page["items"])
        while page["next"]:
            page = self.get(page["next"])
            found += page["items"]
        return found

    def renew(self, **more: str) -> requests.Response:
        """Return the answer of the token endpoint to the refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": self.refresh, **more}
        return requests.post(
            f"{self.fake.url}/api/token", data=form, auth=(self.fake.client_id, self.fake.client_secret), timeout=5
        )
