"""The route that takes chart files: who may, what is stored, and that nothing is left behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from chart_files import sheet, weeks
from someone import Someone, TestClient

from core.bootstrap import Playprint
from core.domain.people import Role

Somebody = Callable[..., Someone]
Stored = Callable[[], list[Path]]
JSON = {"Accept": "application/json"}
PLAIN = sheet([["rank", "title", "artist"], [1, "One", "Anna"]])


def part(name: str, data: bytes) -> tuple[str, tuple[str, bytes, str]]:
    return "files", (name, data, "text/csv")


def test_charts_are_stored_and_the_form_is_led_back(playing: Playprint, somebody: Somebody, stored: Stored) -> None:
    anna = somebody("Anna", role="owner")
    before = stored()
    files = [part(week.name, week.data) for week in weeks(2, country="is")]
    answer = anna.client.post("/charts/upload", data={"csrf": anna.csrf}, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/trends-admin?done=charts&at=files")
    again = anna.client.post("/charts/upload", data={"csrf": anna.csrf}, files=files)
    assert again.headers["location"] == "/trends-admin?done=charts-known&at=files"
    mine = [series for series in playing.chart_files.series() if series.key.region == "IS"]
    assert [(series.key.kind, series.snapshots) for series in mine] == [("artist", 2), ("track", 2)]
    assert stored() == before


def test_a_script_gets_what_became_of_each_file(somebody: Somebody) -> None:
    anna = somebody("Anna", role="admin")
    headers = {**JSON, "X-CSRF": anna.csrf}
    bad = part("bad-lu-2026-08-20.csv", b"rank,title\nabc,One\n")
    answer = anna.client.post("/charts/upload", files=[part("x-lu-2026-08-20.csv", PLAIN), bad], headers=headers)
    good, refused = answer.json()
    assert answer.status_code == 200
    assert (good["stored"], good["kept"], good["entries"], good["source"], good["country"], good["error"]) == (
        *(2, 0, 1),
        *("files", "LU", None),
    )
    assert (good["first"], good["until"]) == ("2026-08-14", "2026-08-21")
    assert (refused["stored"], refused["error"].split(";")[0]) == (0, "Line 2: “abc” is no rank")
    alone = anna.client.post("/charts/upload", files=[bad], headers=headers)
    assert (alone.status_code, len(alone.json())) == (422, 1)
    form = anna.client.post("/charts/upload", data={"csrf": anna.csrf}, files=[bad])
    assert form.headers["location"] == "/trends-admin?error=charts-refused&at=files"


def test_country_and_day_can_be_said(somebody: Somebody) -> None:
    anna = somebody("Anna", role="owner")
    said = {"csrf": anna.csrf, "country": "mt", "day": "2026-08-20"}
    (taken,) = anna.client.post("/charts/upload", data=said, files=[part("top.csv", PLAIN)], headers=JSON).json()
    assert (taken["country"], taken["until"], taken["stored"]) == ("MT", "2026-08-21", 2)
    for wrong, code in (({"country": "QQ"}, "chart-country"), ({"day": "2026-02-30"}, "chart-date")):
        answer = anna.client.post("/charts/upload", data={**said, **wrong}, files=[part("top.csv", PLAIN)])
        assert answer.headers["location"] == f"/trends-admin?error={code}"


@pytest.mark.parametrize("role", ["member"])
def test_to_members_the_route_does_not_exist(somebody: Somebody, role: Role, stored: Stored) -> None:
    ben, before = somebody("Ben", role=role), stored()
    answer = ben.client.post("/charts/upload", data={"csrf": ben.csrf}, files=[part("x-de-2026-08-20.csv", PLAIN)])
    assert (answer.status_code, answer.text) == (404, "There is nothing here.")
    assert stored() == before


def test_visitors_are_asked_to_sign_in(browser: Callable[..., TestClient]) -> None:
    files = [part("x-de-2026-08-20.csv", PLAIN)]
    assert browser().post("/charts/upload", files=files).headers["location"] == "/sign-in?error=signed-out"
    answer = browser().post("/charts/upload", files=files, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (401, "signed-out")


def test_without_the_sessions_token_nothing_is_stored(playing: Playprint, somebody: Somebody, stored: Stored) -> None:
    anna, other = somebody("Anna", role="owner"), somebody("Olga", role="owner")
    files, before = [part("x-gl-2026-08-20.csv", PLAIN)], stored()
    for csrf in ("", "x" * 43, other.csrf):
        by_header = anna.client.post("/charts/upload", files=files, headers={**JSON, "X-CSRF": csrf})
        by_field = anna.client.post("/charts/upload", data={"csrf": csrf}, files=files, headers=JSON)
        for answer in (by_header, by_field):
            assert (answer.status_code, answer.json()["error"]) == (403, "expired")
    assert anna.client.post("/charts/upload", files=files).headers["location"] == "/trends-admin?error=expired"
    assert stored() == before
    assert not any(series.key.region == "GL" for series in playing.chart_files.series())


def test_too_much_and_nothing_are_refused_in_words(
    somebody: Somebody, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.chart_uploads.MOST_BYTES", 50_000)
    anna, before = somebody("Anna", role="owner"), stored()
    headers = {**JSON, "X-CSRF": anna.csrf}
    large = anna.client.post("/charts/upload", files=[part("x.csv", b"x" * 50_001)], headers=headers)
    assert (large.status_code, large.json()["error"]) == (413, "charts-too-large")
    body = b'--edge\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--edge--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=edge", "X-CSRF": anna.csrf}
    none = anna.client.post("/charts/upload", content=body, headers=kind)
    assert none.headers["location"] == "/trends-admin?error=no-chart-file"
    assert stored() == before
