"""``python -m benchmarks``: all parts held against their budgets, as one report."""

from collections.abc import Callable

from benchmarks import analytics, charts, clicks, importing, own_history, pages, panels, recommending, suggesting
from benchmarks.budgets import Held, quiet, verdict

ROWS, LISTENS, RUNS = (100_000, 1_000_000), 300_000, 40


def main() -> None:
    """Measure everything and print it part by part; the last line counts what is within budget."""
    quiet()
    parts: dict[str, Callable[[], list[Held]]] = {
        f"Imports of {' and '.join(f'{rows:,}' for rows in ROWS)} rows": lambda: importing.report(ROWS),
        f"Figures on {LISTENS:,} listens": lambda: analytics.report(LISTENS),
        f"Panels on {LISTENS:,} listens": lambda: panels.report(LISTENS),
        f"Lists of one's own history on {LISTENS:,} listens": lambda: own_history.report(LISTENS),
        f"Lists of suggestions on {LISTENS:,} listens": lambda: suggesting.report(LISTENS),
        f"Pages on {LISTENS:,} listens": lambda: pages.report(LISTENS, RUNS),
        f"Clicks on {LISTENS:,} listens": lambda: clicks.report(LISTENS),
        f"Public charts of {charts.COUNTRIES} countries and {charts.WEEKS} weeks": charts.report,
        f"A model of {recommending.PEOPLE:,} people and {recommending.ITEMS:,} things": recommending.report,
    }
    held: list[Held] = []
    for title, part in parts.items():
        print(f"\n== {title} ==\n", flush=True)
        held += part()
    print(f"\n== All in all ==\n\n{verdict(held)}")


if __name__ == "__main__":
    main()
