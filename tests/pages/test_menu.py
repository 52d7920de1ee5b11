"""The menu: a person's name stands in it as they wrote it."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.bootstrap import Playprint


def test_a_name_is_no_markup_in_the_menu(open_page: Callable[..., AppTest], playing: Playprint) -> None:
    person = playing.accounts.add("![x](http://evil.example/x.png)")[0]
    test = open_page("privacy", person.id)
    assert not test.exception
    assert list(test.session_state["sections"])[1] == "\\!\\[x\\]\\(http\\:\u2060//evil.example/x.png\\)"
