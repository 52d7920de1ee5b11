"""Figures held against their budgets, and how they are told."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import structlog


@dataclass(frozen=True, slots=True)
class Held:
    """One figure and the most it may be; ``unit`` is written after both."""

    name: str
    figure: float
    budget: float
    unit: str

    @property
    def within(self) -> bool:
        """Whether the figure is within its budget."""
        return self.figure <= self.budget

    def __str__(self) -> str:
        """Return one line: figure, budget, how much of the budget it is, and a mark when it is over."""
        part = f"{self.figure / self.budget:>5.0%}{'' if self.within else '  OVER'}"
        return f"{self.name:<44}{_number(self.figure):>9}{_number(self.budget):>8}  {self.unit:<14}{part}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"


def table(title: str, figures: Sequence[Held]) -> str:
    """Return figures as a table, one line each, under a title."""
    head = f"{title:<44}{'figure':>9}{'budget':>8}{'':16}{'used':>5}"
    return "\n".join([head, *map(str, figures)])


def verdict(figures: Sequence[Held]) -> str:
    """Return how many figures are within their budgets, after those that are not."""
    over = [str(each) for each in figures if not each.within]
    return "\n".join([*over, f"{len(figures) - len(over)} of {len(figures)} within budget"])


def quiet() -> None:
    """Let no log line come between the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
