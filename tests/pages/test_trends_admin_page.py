"""The page of chart sources: for owner and admins alone, with the files that were read and why others were not."""

import os
from collections.abc import Callable

import pytest
from chart_files import weeks
from streamlit.testing.v1 import AppTest

from core.bootstrap import Playprint
from core.domain.people import SENTENCES

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def admin(playing: Playprint) -> int:
    return playing.accounts.add("chart admin", role="admin")[0].id


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML."""
    return "\n".join(str(element.proto.body) for element in test.get("html"))


def test_members_and_visitors_get_no_form(open_page: Open, newcomer: int) -> None:
    said = words(open_page("trends_admin", newcomer))
    assert "/charts/upload" not in said
    assert "looks after its chart sources" in said
    assert "/charts/upload" not in words(open_page("trends_admin"))


def test_an_admin_sees_the_form_the_folder_and_the_files(open_page: Open, admin: int, playing: Playprint) -> None:
    folder = playing.chart_files.folder
    (week,) = weeks(1, country="mc", size=5)
    for name, data in ((week.name, week.data), ("<b>bad-mc-2026-08-20.csv", b"rank,title\nx,One\n")):
        (folder / name).write_bytes(data)
        os.utime(folder / name, (1, 1))
    playing.chart_files.look()
    test = open_page("trends_admin", admin)
    assert not test.exception
    said = words(test)
    assert "could not be drawn" not in said
    assert 'action="/charts/upload"' in said
    assert str(folder) in said
    assert week.name in said
    assert "Line 2: “x” is no rank; write whole numbers from 1 to 10,000." in said
    assert "<b>bad" not in said
    assert "1 file read, 1 refused." in said
    assert "ListenBrainz" in said


def test_what_came_of_an_upload_is_said(open_page: Open, admin: int) -> None:
    said = words(open_page("trends_admin", admin, error="charts-refused"))
    assert SENTENCES["charts-refused"] in said
    assert "These charts are stored." in words(open_page("trends_admin", admin, done="charts"))
    assert "These charts" not in words(open_page("trends_admin", admin, done="<script>"))
