"""How every figure is defined: taken from the code that computes it, for the page and for the docs."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import ModuleType

import core.analytics
import core.recommend

# Of core.recommend, what pages show; the rest is about models and their measuring (docs/recommendations.md).
SUGGESTED = ("attention", "following", "depths", "mixes", "distinct", "kindred", "crowd", "measuring")
# In this order; modules not named here follow A-Z.
FIRST = ("counting", "timeline", "clock", "sessions", "streaks", "discovery", "skipping", "library")


@lru_cache(maxsize=1)
def modules() -> tuple[ModuleType, ...]:
    """Return the modules of core.analytics that hold a metric, then those of suggestions."""
    names = sorted(info.name for info in pkgutil.iter_modules(core.analytics.__path__))
    ordered = [name for name in FIRST if name in names] + [name for name in names if name not in FIRST]
    places = [f"{core.analytics.__name__}.{name}" for name in ordered]
    places += [f"{core.recommend.__name__}.{name}" for name in SUGGESTED]
    found = (importlib.import_module(place) for place in places)
    return tuple(module for module in found if any(functions(module)))


def functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the functions and properties of a module that state a source, in the order of its file."""
    members = list(vars(module).values())
    members += [part for member in members if inspect.isclass(member) for part in vars(member).values()]
    for member in members:
        function = getattr(member, "func", getattr(member, "fget", member))
        own = inspect.isfunction(function) and function.__module__ == module.__name__
        if own and "Source:" in (inspect.getdoc(function) or ""):
            yield function.__qualname__, function


def title(name: str) -> str:
    """Return the name of a function as a heading: ``rank_history`` is ``Rank history``."""
    words = name.rpartition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]


def section(name: str, function: Callable[..., object]) -> str:
    """Return the Markdown of one figure: its name, what it tells, its columns, its source."""
    text = inspect.getdoc(function) or ""
    body, _, source = text.removeprefix("Return ").partition("Source:")
    paragraphs = [" ".join(part.split()) for part in body.replace("Columns:", "\n\nColumns:").split("\n\n")]
    kept = [part[:1].upper() + part[1:] for part in paragraphs if part]
    return "\n\n".join([f"### {title(name)}", *kept, f"*Source:* {' '.join(source.split())}"]).replace("``", "`")


def heading(module: ModuleType) -> str:
    """Return what a module's figures are about: the first line of its docstring."""
    return (inspect.getdoc(module) or "").splitlines()[0].rstrip(".")


def chapters() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the figures by theme: (theme, list of (``module.function``, Markdown))."""
    for module in modules():
        short = module.__name__.rpartition(".")[2]
        yield heading(module), [(f"{short}.{name}", section(name, function)) for name, function in functions(module)]
