"""The collected odd inputs, each with exactly the outcome written beside it."""

import json
import re
from pathlib import Path

import pytest
from exports import Importer
from structlog.testing import capture_logs

FILES = Path(__file__).parent / "files"
EXPECTED = json.loads((FILES / "EXPECTED.json").read_text())
# Outcome words that are no code: what the sheet must then say.
BY_REASON = {
    "079_all_null.json": {"unidentified": 1},
    "085_ms_zero.json": {"short_play": 1},
    "091_ms_int4_overflow.json": {"error_duration_too_long": 1},
    "093_epoch_ts.json": {"error_too_old": 1},
    "099_ts_null.json": {"error_missing_time": 1},
    "103_dup_differs_in_ip_agent.json": {"play": 1, "duplicate": 1},
    "119_Streaming_History_Video_2024.json": {"play": 1, "podcast": 1},
    "133_StreamingHistory_audiobook_0.json": {"audiobook": 1},
}
OTHER_SERVICES = re.compile(r"15\d_")


def test_every_file_has_an_expectation() -> None:
    files = {path.name for path in FILES.iterdir()} - {"EXPECTED.json", ".gitattributes"}
    assert files == set(EXPECTED)
    assert len(files) == 58


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_outcome(name: str, importer: Importer, person) -> None:
    expected = EXPECTED[name]
    user = person()
    with capture_logs() as logs:
        record = importer.run(user, FILES / name)
    codes = [entry["code"] for entry in logs if entry["event"] == "import.rejected"]
    if OTHER_SERVICES.match(name):
        assert (record.status, codes) == ("rejected", ["unsupported"])
        return
    outcome = expected["outcome"]
    if outcome.startswith("reject:"):
        assert (record.status, codes) == ("rejected", [outcome.removeprefix("reject:").split(" ")[0]])
        assert importer.listens(user) == []
        assert record.message.endswith(".")
        return
    assert (record.status, codes) == ("done", [])
    sheet = record.sheet
    assert sheet is not None
    assert sheet.plays == expected["accepted_plays"]
    assert len(importer.listens(user)) == sheet.stored
    errors = re.search(r"errors:(\d+)", outcome)
    assert sheet.errors == (int(errors[1]) if errors else 1 if outcome.startswith("row error") else 0)
    if name in BY_REASON:
        assert sheet.by_reason == BY_REASON[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_second_time_stores_nothing(name: str, importer: Importer, person) -> None:
    user = person()
    importer.run(user, FILES / name)
    before = importer.listens(user)
    again = importer.run(user, FILES / name)
    assert again.sheet is None or again.sheet.stored == 0
    assert importer.listens(user) == before
