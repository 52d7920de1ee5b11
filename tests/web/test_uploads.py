"""The upload route: who may, how much, and what is left behind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from someone import Someone, TestClient

from core.bootstrap import Playprint

Somebody = Callable[..., Someone]
Stored = Callable[[], list[Path]]
JSON = {"Accept": "application/json"}


def zips(*sizes: int) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("files", (f"my data {n}.zip", b"x" * size, "application/zip")) for n, size in enumerate(sizes)]


def queued(playing: Playprint, import_id: int) -> dict[str, object]:
    """Return the arguments of the job that was queued for an import."""
    with psycopg.connect(playing.db.url) as connection:
        query = "select args from procrastinate_jobs where (args->>'import_id')::bigint = %s"
        rows = connection.execute(query, (import_id,)).fetchall()
    assert len(rows) == 1
    return rows[0][0]  # type: ignore[no-any-return]


def test_an_upload_is_stored_privately_and_queued(playing: Playprint, somebody: Somebody) -> None:
    alice = somebody()
    headers = {**JSON, "X-CSRF": alice.csrf}
    answer = alice.client.post("/upload", files=zips(1000, 2000), headers=headers)
    assert answer.status_code == 200
    import_id = answer.json()["import_id"]
    assert answer.json()["next"] == "/imports"
    record = playing.importing.record(alice.id, import_id=import_id)
    assert (record.label, record.bytes_total, record.status) == ("my data 0.zip and 1 more", 3000, "queued")
    job = queued(playing, import_id)
    assert job["user_id"] == alice.id
    assert job["other_account"] is False
    files = job["files"]
    assert [file["label"] for file in files] == ["my data 0.zip", "my data 1.zip"]  # type: ignore[attr-defined]
    paths = [Path(file["path"]) for file in files]  # type: ignore[attr-defined]
    assert [path.read_bytes() for path in paths] == [b"x" * 1000, b"x" * 2000]
    assert paths[0].parent.parent == playing.uploads
    assert paths[0].parent.stat().st_mode & 0o777 == playing.uploads.stat().st_mode & 0o777 == 0o700


def test_a_plain_form_works_too(playing: Playprint, somebody: Somebody) -> None:
    alice = somebody()
    form = {"csrf": alice.csrf, "other_account": "yes"}
    answer = alice.client.post("/upload", data=form, files=zips(10))
    assert (answer.status_code, answer.headers["location"]) == (303, "/imports")
    record = playing.importing.records(alice.id)[0]
    assert record.label == "my data 0.zip"
    assert queued(playing, record.id)["other_account"] is True


def test_without_the_sessions_token_nothing_is_stored(somebody: Somebody, stored: Stored, playing: Playprint) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    before = stored()
    for csrf in ("", "x" * 43, charlie.csrf):
        by_header = alice.client.post("/upload", files=zips(10), headers={**JSON, "X-CSRF": csrf})
        by_field = alice.client.post("/upload", data={"csrf": csrf}, files=zips(10), headers=JSON)
        for answer in (by_header, by_field):
            assert (answer.status_code, answer.json()["error"]) == (403, "expired")
    assert alice.client.post("/upload", files=zips(10), headers=JSON).status_code == 403
    # A right token that comes after the file is too late.
    late = [*zips(10), ("csrf", (None, alice.csrf))]
    assert alice.client.post("/upload", files=late, headers=JSON).status_code == 403
    assert alice.client.post("/upload", files=zips(10)).headers["location"] == "/imports?error=expired"
    assert stored() == before
    assert playing.importing.records(alice.id) == []


def test_visitors_are_asked_to_sign_in(browser: Callable[..., TestClient], stored: Stored) -> None:
    before = stored()
    answer = browser().post("/upload", files=zips(10), headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (401, "signed-out")
    assert browser().post("/upload", files=zips(10)).headers["location"] == "/sign-in?error=signed-out"
    assert stored() == before


def test_too_much_is_refused_with_a_sentence_and_leaves_nothing(
    somebody: Somebody, stored: Stored, playing: Playprint
) -> None:
    alice = somebody()
    before, headers = stored(), {**JSON, "X-CSRF": alice.csrf}

    def without_length() -> Iterator[bytes]:
        yield b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.zip"\r\n\r\n'
        for _ in range(30):
            yield b"x" * 100_000

    announced = alice.client.post("/upload", files=zips(3_200_000), headers=headers)
    just_over = alice.client.post("/upload", files=zips(2_000_001), headers=headers)
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    streamed = alice.client.post("/upload", content=without_length(), headers={**headers, **kind})
    for answer in (announced, just_over, streamed):
        assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
        assert "upload fewer at once" in answer.json()["message"]
    many = alice.client.post("/upload", files=zips(*[1] * 6), headers=headers)
    assert (many.status_code, many.json()["error"]) == (413, "too-many")
    assert stored() == before
    assert list(playing.uploads.iterdir()) == [path.parent for path in before] or before
    assert playing.importing.records(alice.id) == []
    assert alice.client.post("/upload", files=zips(2_000_000), headers=headers).status_code == 200


def test_one_upload_at_a_time(somebody: Somebody, playing: Playprint, stored: Stored) -> None:
    alice, charlie = somebody(), somebody("Charlie")
    headers = {**JSON, "X-CSRF": alice.csrf}
    first = alice.client.post("/upload", files=zips(10), headers=headers).json()["import_id"]
    before = stored()
    second = alice.client.post("/upload", files=zips(10), headers=headers)
    assert (second.status_code, second.json()["error"]) == (409, "busy")
    assert stored() == before
    assert charlie.client.post("/upload", files=zips(10), headers={"X-CSRF": charlie.csrf}).status_code == 303
    playing.importing.cancel(alice.id, import_id=first)
    assert alice.client.post("/upload", files=zips(10), headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain"])
def test_what_is_no_upload_is_refused(somebody: Somebody, kind: str) -> None:
    alice = somebody()
    headers = {**JSON, "X-CSRF": alice.csrf, "Content-Type": kind}
    answer = alice.client.post("/upload", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "broken")


def test_a_form_without_a_file_says_so(somebody: Somebody) -> None:
    alice = somebody()
    answer = alice.client.post("/upload", files=[("csrf", (None, alice.csrf))])
    assert answer.headers["location"] == "/imports?error=no-file"
