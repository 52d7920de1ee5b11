"""Reading an upload: which files in which order, slices of one huge list, devices, reasons, odd values."""

from pathlib import Path

import pytest
from exports import as_json, as_zip, row
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import ImportRejected
from core.domain.listen import Platform
from core.importing.archive import Limits, basename
from core.importing.extended import MOST_REASONS, Reader, Reasons, decode
from core.importing.fates import DUPLICATES, ERRORS, STORED, Fate
from core.importing.plan import make_plan
from core.importing.platforms import family
from core.importing.text import NotJson, parse, slices


def test_parts_are_read_by_number_and_extended_before_account(tmp_path: Path) -> None:
    account = [{"endTime": "2024-01-01 12:00", "artistName": "A", "trackName": "B", "msPlayed": 1}]
    names = ["StreamingHistory_music_0.json", *(f"endsong_{n}.json" for n in (10, 9, 1)), "endvideo.json"]
    files = {name: account if name.startswith("Str") else [row(0)] for name in names}
    (tmp_path / "a.zip").write_bytes(as_zip(files))
    plan = make_plan([(tmp_path / "a.zip", "a.zip")], Limits())
    order = ["endsong_1.json", "endsong_9.json", "endsong_10.json", "endvideo.json", "StreamingHistory_music_0.json"]
    assert [part.source.label for part in plan.history] == order
    assert [part.video for part in plan.history] == [False, False, False, True, False]


def test_a_folder_s_other_files_are_left_alone(tmp_path: Path) -> None:
    files = {
        "endsong_0.json": as_json([row(0)]),
        "LICENSE": b"x",
        "Userdata.json": b"{",
        "tool.json": as_json([{"a": 1}]),
    }
    paths = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        paths.append((tmp_path / name, f"folder/{name}"))
    plan = make_plan(paths, Limits())
    assert ([part.source.label for part in plan.history], plan.refused, plan.left) == (["endsong_0.json"], [], 3)
    with pytest.raises(ImportRejected, match=r"The upload of 3 files holds no listening history"):
        make_plan(paths[1:], Limits())


def test_a_history_is_told_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    names = ["endsong_0.json.txt", "history", "renamed.zip", "notes.txt"]
    for name in names:
        (tmp_path / name).write_bytes(b"Dear diary" if name == "notes.txt" else as_json([row(0)]))
    plan = make_plan([(tmp_path / name, name) for name in names], Limits())
    assert (sorted(part.source.label for part in plan.history), plan.left) == (sorted(names[:3]), 1)
    for name in names[:3]:
        assert len(make_plan([(tmp_path / name, name)], Limits()).history) == 1


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRejected, match="no longer there"):
        make_plan([(tmp_path / "gone.zip", "gone.zip")], Limits())


@given(st.text(), st.sampled_from(["", "/", "\\", "C:\\", "../"]))
def test_a_label_is_never_a_path(name: str, folder: str) -> None:
    assert not set("/\\") & set(basename(folder + name))


@given(
    st.lists(st.dictionaries(st.text(max_size=3), st.text(alphabet='},{[]"\\ a', max_size=8), max_size=3), max_size=30),
    st.integers(20, 200),
    st.integers(1, 50),
)
def test_slices_are_the_whole_list(rows: list[dict[str, str]], size: int, block: int) -> None:
    data = as_json(rows)
    blocks = (data[at : at + block] for at in range(0, len(data), block))

    def read(part: bytes | bytearray, _: int) -> list[dict[str, str]]:
        return parse(part)  # type: ignore[no-any-return]

    try:
        found = [each for part in slices(blocks, read, size=size) for each in part]
    except NotJson:  # an object longer than a slice of these absurd sizes
        assert any(len(as_json(each)) * 8 > size for each in rows)
    else:
        assert found == rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Android OS 11 API 30 (Google, Pixel 3a)", Platform.MOBILE),
        ("iOS 13.1.3 (iPhone8,1)", Platform.MOBILE),
        ("OS X 10.13.6 [x86 8]", Platform.DESKTOP),
        ("Windows 10 (10.0.19042; x64; AppX)", Platform.DESKTOP),
        ("linux", Platform.DESKTOP),
        ("web_player windows 10;chrome 96.0.4664.45;desktop", Platform.WEB),
        ("WebPlayer (websocket RFC6455)", Platform.WEB),
        ("Partner tizen_tv samsung;UE55;0a1b2c;;tpapi", Platform.TV),
        ("tizen", Platform.TV),
        ("Partner google cast_voice;Google_Home;;", Platform.SPEAKER),
        ("cast", Platform.SPEAKER),
        ("Partner spotify carthing", Platform.CAR),
        ("Garmin", Platform.OTHER),
        ("something new", Platform.OTHER),
        ("not_applicable", Platform.UNKNOWN),
        ("", Platform.UNKNOWN),
        (None, Platform.UNKNOWN),
    ],
)
def test_families_of_devices(text: str | None, expected: Platform) -> None:
    assert family(text) is expected


def test_reasons_are_an_open_set_that_no_file_can_flood() -> None:
    reasons = Reasons()
    assert reasons.number("switched-to-audio") == 1
    assert reasons.number("") == reasons.number(None) == 0
    assert reasons.number("x" * 65) == reasons.number("y" * 5000) == reasons["other"]
    for number in range(2 * MOST_REASONS):
        reasons.number(f"reason {number}")
    assert len(reasons) <= MOST_REASONS + 1


def test_absurd_texts_do_not_widen_a_column() -> None:
    batch = Reader().batch(decode(as_json([row(0), row(1, ts="9" * 1_000_000)])))
    assert batch.columns["fate"].tolist() == [Fate.PLAY, Fate.BAD_TIME]


def test_every_fate_is_of_one_sort_and_has_a_word() -> None:
    sorts = [*STORED, *DUPLICATES, Fate.UNIDENTIFIED, *ERRORS]
    assert all(sorts.count(fate) == 1 for fate in Fate)
    assert len({fate.word for fate in Fate}) == len(Fate)
