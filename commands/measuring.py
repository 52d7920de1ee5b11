"""The command that measures suggestions on a data set, beside what others published."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import typer

from commands.house import say_json
from core.domain.errors import InvalidInput
from core.recommend.contenders import Contender, item_knn, plain_ease, popularity, product
from core.recommend.datasets import Dataset, read
from core.recommend.measuring import MEASURES, Maker, Measured, over_folds
from core.recommend.model import Recipe
from core.recommend.splitting import SEEDS, Fold, fixed_fold, random_fold

# Recall, MRR, NDCG, Hit, Precision @10 on Last.fm of HetRec 2011, split at random 8:1:1, all items ranked.
# Source: RecBole-GNN, results/social/lastfm.md.
PUBLISHED = {
    "BPR": (0.1761, 0.3026, 0.1674, 0.5573, 0.0858),
    "NeuMF": (0.1696, 0.2924, 0.1604, 0.5456, 0.0828),
    "NGCF": (0.1960, 0.3479, 0.1898, 0.6141, 0.0961),
    "LightGCN": (0.2064, 0.3559, 0.1972, 0.6322, 0.1009),
    "MHCN (knows friends)": (0.2123, 0.3782, 0.2068, 0.6523, 0.1042),
    "SEPT (knows friends)": (0.2127, 0.3703, 0.2057, 0.6465, 0.1044),
}
FIXED = Recipe(l2=500.0, weights="binary", tag_share=0.0, damping=0.0)  # what is published on fixed files is made so
SPLIT = Recipe(l2=100.0, tag_share=0.0, damping=0.0)
HEADS = ("Recall", "MRR", "NDCG", "Hit", "Precision")
MOST_ITEMS_KNN = 50_000  # all pairs of more do not fit


@dataclass(frozen=True)
class Wanted:
    """What to measure, as asked for; None is the default of the data set's kind."""

    seeds: int
    model: Contender | None
    l2: float | None
    damping: float | None
    binary: bool


def bench_recommend(dataset: Path, wanted: Wanted, *, as_json: bool) -> None:
    """Measure a model on a data set and print it beside simple ones and published ones."""
    data = read(dataset)
    split = data.whole is not None
    folds = [random_fold(data, seed) for seed in _seeds(wanted.seeds)] if split else [fixed_fold(data)]
    model: Contender = wanted.model or ("product" if split else "ease")
    recipe = _recipe(model, wanted, split=split)
    found = over_folds(folds, _maker(model, recipe))
    beside = {name: over_folds(folds, _maker(name, _default(name, split=split))) for name in _others(model, data)}
    if as_json:
        say_json(_as_json(model, recipe, found, beside, folds, data))
    else:
        _print(model, recipe, found, beside, folds, data)


def _seeds(number: int) -> tuple[int, ...]:
    return tuple(range(SEEDS[0], SEEDS[0] + number))


def _default(model: Contender, *, split: bool) -> Recipe:
    """Return what a model is made with unless something else is asked for."""
    return Recipe() if model == "product" else SPLIT if split else FIXED


def _recipe(model: Contender, wanted: Wanted, *, split: bool) -> Recipe:
    """Return what the measured model is made with."""
    if wanted.l2 is not None and not wanted.l2 > 0:
        raise InvalidInput("--l2 has to be above 0.")
    given = _default(model, split=split)
    weights: Literal["log", "binary"] = "binary" if wanted.binary else given.weights
    damping = given.damping if wanted.damping is None else wanted.damping
    return Recipe(given.l2 if wanted.l2 is None else wanted.l2, weights, given.tag_share, damping)


def _maker(model: Contender, recipe: Recipe) -> Maker:
    made: dict[Contender, Maker] = {"item-knn": item_knn, "popularity": popularity}
    return made.get(model) or (product(recipe) if model == "product" else plain_ease(recipe))


def _others(model: Contender, data: Dataset) -> list[Contender]:
    """Return the models measured beside one."""
    every: tuple[Contender, ...] = ("product", "ease", "item-knn", "popularity")
    return [each for each in every if each != model and (each != "item-knn" or data.items <= MOST_ITEMS_KNN)]


def _about(model: Contender, recipe: Recipe, people: int) -> dict[str, Any]:
    """Return how a model was made."""
    if model in ("item-knn", "popularity"):
        return {"model": model, "l2": None, "damping": None, "weights": None}
    return {
        "model": model,
        "l2": recipe.strength(people),
        "damping": recipe.damping,
        "weights": recipe.weights,
    }


def _as_json(
    model: Contender,
    recipe: Recipe,
    found: Measured,
    beside: dict[Contender, Measured],
    folds: list[Fold],
    data: Dataset,
) -> dict[str, Any]:
    split = data.whole is not None
    others = {
        name: _about(name, _default(name, split=split), data.users) | dict(each.mean) | {"sd": dict(each.sd)}
        for name, each in beside.items()
    }
    about: dict[str, Any] = dict(found.mean) | _about(model, recipe, data.users) | {"sd": dict(found.sd)}
    about |= {
        "seeds": list(_seeds(len(folds))) if split else [],
        "protocol": "random 8:1:1" if split else "fixed files",
    }
    about |= {"users": data.users, "items": data.items, "left_out": data.left_out}
    about |= {"train": folds[0].train.nnz, "test": folds[0].test.nnz, "known": folds[0].known.nnz}
    published = {name: dict(zip(MEASURES, row, strict=True)) for name, row in PUBLISHED.items()} if split else {}
    return about | {"beside": others, "published": published}


def _print(
    model: Contender,
    recipe: Recipe,
    found: Measured,
    beside: dict[Contender, Measured],
    folds: list[Fold],
    data: Dataset,
) -> None:
    split, first = data.whole is not None, folds[0]
    how = f"split at random 8:1:1 within each user, {len(folds)} times" if split else "split as the files are"
    typer.echo(f"{data.users:,} users, {data.items:,} items, {first.train.nnz:,} pairs learned from, {how}.")
    typer.echo(f"{first.test.nnz:,} pairs to find among all items the user is not known to play.")
    if data.left_out:
        typer.echo(f"{data.left_out:,} rows without a weight above 0 were left out.")
    for name, made in {model: recipe, **{name: _default(name, split=split) for name in beside}}.items():
        if name in ("product", "ease"):
            typer.echo(f"{_NAMES[name]}: {_told(made, data.users)}.")
    typer.echo("\n" + _line("@10", HEADS))
    for name, measured in {model: found, **beside}.items():
        typer.echo(_line(_NAMES[name], _cells(measured)))
    for title, row in PUBLISHED.items() if split else ():
        typer.echo(_line(f"{title}, published", [f"{value:.4f}        " for value in row]))
    typer.echo()
    if split:
        typer.echo("Published: RecBole-GNN, results/social/lastfm.md; they hold for Last.fm of HetRec 2011 alone.")
    for measure, words in _WORDS.items():
        typer.echo(f"{words}: {found.mean[measure]:.4f}")


_WORDS = {
    "recall_at_20": "Recall@20",
    "ndcg_at_100": "NDCG@100",
    "coverage_at_10": "Share of all items suggested to anybody (coverage@10)",
    "gini_at_10": "How unequally they are suggested, 0 to 1 (Gini@10)",
    "novelty_bits": "Novelty in bits (-log2 of the share of listeners)",
    "outside_top_share": "Share of suggestions outside the 1 % most listened items",
}


_NAMES: dict[Contender, str] = {
    "product": "The product's model",
    "ease": "EASE",
    "item-knn": "Item-kNN, cosine",
    "popularity": "Popularity",
}


def _told(recipe: Recipe, people: int) -> str:
    """Return how a model is made, in words."""
    counts = "log counts" if recipe.weights == "log" else "binary data"
    damped = f"divided by listeners^{recipe.damping:g}" if recipe.damping else "not divided by listeners"
    return f"{counts}, l2 {recipe.strength(people):g}, {damped}"


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:<32}" + "".join(f"{each:>16}" for each in cells)


def _cells(found: Measured) -> list[str]:
    return [f"{found.mean[name]:.4f} ± {found.sd[name]:.4f}" for name in MEASURES]
