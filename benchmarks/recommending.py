"""Suggestions: a model of a thousand people and a hundred thousand things made, saved, asked for lists and reasons.

``python -m benchmarks.recommending [--people 1000] [--items 100000]``. People are invented, each with about 300 things
of a long tail. Making runs in a process of its own, whose peak memory is the figure; the floor, in the same run, is one
product of a matrix as large as that of people, by a matrix of people by things, all at once.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from scipy import sparse

from benchmarks.budgets import Held, quiet, table, verdict
from core.recommend.interactions import Interactions
from core.recommend.model import Recommender

PEOPLE, ITEMS, EACH, GENRES = 1_000, 100_000, 300, 300
MAKE_S, MEMORY_MB, MAKE_RATIO = 60.0, 1_000.0, 1.0
SCORE_MS, EXPLAIN_MS, LIST_MS, LOAD_S = 30.0, 60.0, 150.0, 10.0
WANTED, EXPLAINED, STEEP = 120, 20, 0.8
T = TypeVar("T")


def invented(people: int, items: int) -> Interactions:
    """Return people who play about 300 things each: the first of them many, the last of them hardly anybody."""
    chance = np.random.default_rng(20)
    tail = np.cumsum(1 / np.arange(1, items + 1) ** STEEP)
    found = [np.unique(np.searchsorted(tail, chance.random(EACH + EACH // 5) * tail[-1])) for _ in range(people)]
    rows = np.repeat(np.arange(people), [len(each) for each in found])
    columns = np.concatenate(found)
    plays = chance.geometric(0.05, len(columns)).astype(np.float64)
    return Interactions(np.arange(items) + 1, sparse.csr_array((plays, (rows, columns)), shape=(people, items)))


def genres(items: int) -> sparse.csr_array:
    """Return three genres of each thing, rows of length 1."""
    columns = np.random.default_rng(21).integers(0, GENRES, items * 3)
    rows = np.repeat(np.arange(items), 3)
    made = sparse.csr_array((np.full(len(columns), 3**-0.5), (rows, columns)), shape=(items, GENRES))
    length = np.sqrt(made.multiply(made).sum(axis=1))
    return sparse.csr_array(sparse.diags_array(1 / length) @ made)


def child(people: int, items: int) -> None:
    """Make a model and use it; print the figures as JSON."""
    learned, tags = invented(people, items), genres(items)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    made_s, model = _timed(lambda: Recommender.fit(learned, tags=tags))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    saved_s, data = _timed(model.save)
    loaded_s, model = _timed(lambda: Recommender.load(data))
    figures = {"make_s": made_s, "peak_mb": peak, "before_mb": before, "save_s": saved_s, "load_s": loaded_s}
    print(
        json.dumps(figures | {"saved_mb": len(data) / 1e6, "floor_s": _floor(people, items)} | _asked(model, learned))
    )


def _floor(people: int, items: int) -> float:
    """Return the seconds of one dense product, in parts."""
    left, right = np.ones((people, people)), np.ones((people, min(items, 5_000)))
    return _timed(lambda: left @ right)[0] * items / right.shape[1]


def _asked(model: Recommender, learned: Interactions) -> dict[str, float]:
    """Return the middle milliseconds of scores, of reasons and of both, for people asked about for the first time."""
    scores, reasons, both = list[float](), list[float](), list[float]()
    for person in range(9):
        low, high = learned.counts.indptr[person : person + 2]
        ids = learned.items[learned.counts.indices[low:high]].tolist()
        plays = dict(zip(ids, learned.counts.data[low:high].tolist(), strict=True))
        scores.append(_timed(partial(model.scores, plays))[0])
        found = [id for id, _ in model.recommend(plays, n=EXPLAINED)]
        reasons.append(_timed(partial(_reasons, model, plays, found))[0])
        both.append(_timed(partial(_list, model, plays | {ids[0]: 1_000.0}))[0])
    middle = {"score_ms": scores, "explain_ms": reasons, "list_ms": both}
    return {name: statistics.median(taken) * 1_000 for name, taken in middle.items()}


def _list(model: Recommender, plays: dict[int, float]) -> None:
    """Ask for as many things as a page looks through, each with its reasons."""
    _reasons(model, plays, [id for id, _ in model.recommend(plays, n=WANTED)])


def _reasons(model: Recommender, plays: dict[int, float], ids: list[int]) -> None:
    for id in ids:
        model.explain(plays, id)


def _timed(what: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    made = what()
    return time.perf_counter() - began, made


def report(people: int = PEOPLE, items: int = ITEMS) -> list[Held]:
    """Measure and print; return every figure with its budget."""
    command = [sys.executable, "-m", "benchmarks.recommending", "--child", f"--people={people}", f"--items={items}"]
    made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    held = [
        Held(f"a model of {people:,} people, {items:,} things", made["make_s"], MAKE_S, "s"),
        Held("the same beside the floor", made["make_s"] / made["floor_s"], MAKE_RATIO, "x floor"),
        Held("peak memory of the process", made["peak_mb"], MEMORY_MB, "MB"),
        Held("read back from its bytes", made["load_s"], LOAD_S, "s"),
        Held("all scores of one person", made["score_ms"], SCORE_MS, "ms"),
        Held(f"reasons of {EXPLAINED} things", made["explain_ms"], EXPLAIN_MS, "ms"),
        Held(f"a list of {WANTED} with reasons", made["list_ms"], LIST_MS, "ms"),
    ]
    floor, before, saved = made["floor_s"], made["before_mb"], made["saved_mb"]
    print(table(f"model (floor {floor:.1f} s, {before:.0f} MB before, {saved:.1f} MB kept)", held), flush=True)
    return held


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=PEOPLE)
    arguments.add_argument("--items", type=int, default=ITEMS)
    arguments.add_argument("--child", action="store_true")
    chosen = arguments.parse_args()
    quiet()
    if chosen.child:
        child(chosen.people, chosen.items)
    else:
        print(verdict(report(chosen.people, chosen.items)))


if __name__ == "__main__":
    main()
