"""Odd inputs made by the tests: each refused with its code and a sentence, or read with every row accounted for."""

import re

import pytest
from cases import CASES, Case
from exports import Importer
from structlog.testing import capture_logs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_outcome(case: Case, importer: Importer, person) -> None:
    user = person()
    with capture_logs() as logs:
        record = importer.run(user, importer.write(case.name, case.content))
    assert [entry["event"] for entry in logs if entry["event"] == "import.failed"] == []
    if case.code:
        codes = [entry["code"] for entry in logs if entry["event"] == "import.rejected"]
        assert (record.status, codes) == ("rejected", [case.code])
        assert importer.listens(user) == []
        assert re.match(r"[^.].{20,300}\.$", record.message)
        assert case.says in record.message
        assert not re.search(r"[.?!,;:][.?!,;:]", record.message)
        return
    assert record.status == "done", record.message
    assert record.sheet is not None
    assert record.sheet.by_reason == case.by_reason
    assert len(importer.listens(user)) == record.sheet.stored


@pytest.mark.parametrize("case", [case for case in CASES if not case.code], ids=lambda case: case.id)
def test_a_second_time_stores_nothing(case: Case, importer: Importer, person) -> None:
    user, path = person(), importer.write(case.name, case.content)
    importer.run(user, path)
    before = importer.listens(user)
    again = importer.run(user, path)
    assert again.sheet is not None
    assert again.sheet.stored == 0
    assert importer.listens(user) == before
