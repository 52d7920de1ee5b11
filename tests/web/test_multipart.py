"""Multipart bodies taken apart by hand-made chunks of every size."""

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.people import Refused
from web.multipart import Sink, clean_label

TYPE = "multipart/form-data; boundary=edge"


def field(name: str, value: str) -> bytes:
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(content: bytes, label: str = "a.zip") -> bytes:
    head = f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{label}"\r\n'.encode()
    return head + b"Content-Type: application/zip\r\n\r\n" + content + b"\r\n"


END = b"--edge--\r\n"


def sink(folder: Path, *, most_bytes: int = 1000, most_files: int = 3, gate: object = lambda fields: None) -> Sink:
    return Sink(TYPE, folder, most_bytes=most_bytes, most_files=most_files, gate=gate)  # type: ignore[arg-type]


def refusal(made: Sink, body: bytes) -> str:
    try:
        made.feed(body)
        made.finish()
    except Refused as refused:
        return refused.code
    finally:
        made.close()
    return ""


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.lists(st.binary(max_size=200) | st.just(b"\r\n--edge\r\n--edg"), min_size=1, max_size=3),
    cuts=st.lists(st.integers(1, 60), min_size=1, max_size=8),
)
def test_files_arrive_byte_by_byte_as_they_were_sent(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], cuts: list[int]
) -> None:
    contents = [content.replace(b"\r\n--edge", b"") for content in contents]
    body = field("csrf", "x") + b"".join(file(c, f"{i}.zip") for i, c in enumerate(contents)) + END
    made, at, turn = sink(tmp_path_factory.mktemp("up")), 0, 0
    while at < len(body):
        step = cuts[turn % len(cuts)]
        made.feed(body[at : at + step])
        at, turn = at + step, turn + 1
    made.finish()
    assert [path.read_bytes() for path, _ in made.files] == contents
    assert [label for _, label in made.files] == [f"{i}.zip" for i in range(len(contents))]
    assert made.size == sum(map(len, contents))
    assert made.fields == {"csrf": "x"}


def test_files_are_private_and_named_by_number(tmp_path: Path) -> None:
    made = sink(tmp_path)
    made.feed(file(b"x", "../../etc/passwd") + file(b"y", "C:\\\\temp\\\\b.zip") + END)
    made.finish()
    assert [(path.name, label) for path, label in made.files] == [("0", "passwd"), ("1", "b.zip")]
    assert {stat.S_IMODE(path.stat().st_mode) for path, _ in made.files} == {0o600}
    assert {path.parent for path, _ in made.files} == {tmp_path}


def test_nothing_is_written_before_the_gate_opens(tmp_path: Path) -> None:
    def gate(fields: dict[str, str]) -> None:
        if fields.get("csrf") != "right":
            raise Refused("expired")

    for before in (b"", field("csrf", "wrong"), field("other_account", "yes")):
        assert refusal(sink(tmp_path, gate=gate), before + file(b"x") + field("csrf", "right") + END) == "expired"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "broken"),
        (END, "no-file"),
        (file(b"", "") + END, "no-file"),
        (file(b"x" * 1001) + END, "too-large"),
        (file(b"x" * 600) + file(b"x" * 600) + END, "too-large"),
        (file(b"x") * 4 + END, "too-many"),
        (file(b"x"), "broken"),
        (field("other", "x") + END, "broken"),
        (field("csrf", "x" * 2000) + file(b"x") + END, "broken"),
        (b"--wrong\r\n\r\n", "broken"),
        (b"--edge\r\n" + b"X: " + b"y" * 100_000, "broken"),
        (b"--edge\r\n" + b"A: b\r\n" * 5000, "broken"),
    ],
)
def test_what_is_refused(tmp_path: Path, body: bytes, code: str) -> None:
    assert refusal(sink(tmp_path), body) == code


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data", "multipart/form-data; boundary="])
def test_other_kinds_of_bodies(tmp_path: Path, kind: str) -> None:
    with pytest.raises(Refused):
        Sink(kind, tmp_path, most_bytes=1, most_files=1, gate=lambda fields: None)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("a/b/c.zip", "c.zip"),
        ("a\\b.zip", "b.zip"),
        ("..", ".."),
        ("\x00\x1b[2J", "[2J"),
        ("/", "file"),
        ("x" * 300, "x" * 120),
    ],
)
def test_labels(name: str, label: str) -> None:
    assert clean_label(name) == label
