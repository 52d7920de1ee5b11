"""docs/metrics.md says what the code does: it is made from the docstrings and must not be stale."""

import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_metrics", DOCS / "make_metrics.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_not_stale(maker: ModuleType) -> None:
    assert (DOCS / "metrics.md").read_text() == maker.page(), "run: python docs/make_metrics.py"


def test_every_figure_is_on_the_page(maker: ModuleType) -> None:
    helpers = {"counted", "chosen", "first_plays", "known_codes", "sparklines"}
    on_page = maker.page()
    for module in maker.MODULES[:-1]:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_") and name not in helpers:
                assert f"### {name}\n" in on_page, f"{name} has no Source: in its docstring"
    assert "### Library.skipped\n" in on_page


def test_a_changed_docstring_makes_it_stale(maker: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maker.counting.totals, "__doc__", "Return something else.\n\n    Source: nowhere.")
    assert (DOCS / "metrics.md").read_text() != maker.page()
