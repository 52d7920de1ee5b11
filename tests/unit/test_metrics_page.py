"""docs/metrics.md says what the code does: it is made from the docstrings and must not be stale."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from core.analytics import counting
from ui import definitions

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


def test_every_theme_with_a_metric_is_on_the_page(maker: ModuleType) -> None:
    on_page = maker.page()
    for module in definitions.modules():
        assert f"## {definitions.heading(module)}\n" in on_page
        for name, _ in definitions.functions(module):
            assert f"### {definitions.title(name)}\n" in on_page
    assert "### Skipped\n" in on_page


def test_a_changed_docstring_makes_it_stale(maker: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting.totals, "__doc__", "Return something else.\n\n    Source: nowhere.")
    assert (DOCS / "metrics.md").read_text() != maker.page()
