"""Data sets in the forms they come in, how they are split, and measures worked out by hand."""

import json
from math import log2

import numpy as np
import pytest
from typer.testing import CliRunner

from cli import app
from core.domain.errors import InvalidInput
from core.recommend.contenders import item_knn, plain_ease, popularity, product
from core.recommend.datasets import read
from core.recommend.measuring import MEASURES, MORE, beyond, measure, of_list, over_folds
from core.recommend.model import Recipe
from core.recommend.planted import counts_of, planted
from core.recommend.splitting import SEEDS, fixed_fold, parts, random_fold, row

TRIPLES = [
    "userID\tartistID\tweight\r\n2\t51\t13883\r\n2\t52\t11690\r\n10\t51\t3\r\n",
    "2\t51\t13883\n2\t52\t11690\n10\t51\t3\n",
    "2,51,13883\n2,52,11690\n10,51,3",
    "user,item,plays\n2,51,13883\n2,52,11690\n10,51,3\n",
    "2 51 13883\n\n2 52 11690\n10 51 3\n",
    "2::51::13883::978300760\n2::52::11690::978302109\n10::51::3::978301968\n",
    "user_id:token\titem_id:token\ttimestamp:float\trating:float\n2\t51\t99\t13883\n2\t52\t99\t11690\n10\t51\t98\t3\n",
    "2\t51\t13880\n2\t52\t11690\n10\t51\t3\n2\t51\t3\n",
]


@pytest.mark.parametrize("text", TRIPLES, ids=range(len(TRIPLES)))
def test_one_file(tmp_path, text):
    (tmp_path / "user_artists.dat").write_text(text, newline="")
    (tmp_path / "artists.dat").write_text("id\tname\turl\n")
    data = read(tmp_path)
    assert counts_of(data).toarray().tolist() == [[13883, 11690], [3, 0]]  # 2 comes before 10
    assert data.left_out == 0


def test_rows_without_weight_are_left_out_and_counted(tmp_path):
    (tmp_path / "d.tsv").write_text("a\tx\t0\na\ty\t2\n")
    data = read(tmp_path)
    assert (counts_of(data).sum(), data.left_out) == (2, 1)


def test_only_the_time_is_told(tmp_path):
    (tmp_path / "d.inter").write_text("user_id:token\titem_id:token\ttimestamp:float\na\tx\t1234\na\ty\t1\n")
    assert counts_of(read(tmp_path)).toarray().tolist() == [[1, 1]]


@pytest.mark.parametrize("name", ["{}.txt", "{}.inter", "lastfm.{}.inter", "{}.csv"])
def test_train_and_test_files(tmp_path, name):
    sign = "," if name.endswith("csv") else "\t"
    for part, lines in {"train": ["1 5", "1 7", "2 5"], "valid": ["1 8"], "test": ["1 9", "2 7"]}.items():
        (tmp_path / name.format(part)).write_text("".join(line.replace(" ", sign) + "\n" for line in lines))
    fold = fixed_fold(read(tmp_path))
    assert fold.train.toarray().tolist() == [[1, 1, 0, 0], [1, 0, 0, 0]]
    assert fold.known.toarray().tolist() == [[1, 1, 1, 0], [1, 0, 0, 0]]
    assert fold.test.toarray().tolist() == [[0, 0, 0, 1], [0, 1, 0, 0]]


def test_a_line_for_each_user(tmp_path):
    (tmp_path / "train.txt").write_text("0 10 11 12\n1 10 12\n2\n")
    (tmp_path / "test.txt").write_text("0 13\n1 11 13\n")
    fold = fixed_fold(read(tmp_path))
    assert fold.train.toarray().tolist() == [[1, 1, 1, 0], [1, 0, 1, 0]]
    assert fold.test.toarray().tolist() == [[0, 0, 0, 1], [0, 1, 0, 1]]


@pytest.mark.parametrize(
    "files", [{}, {"a.tsv": "1\t2\t3\n", "b.tsv": "1\t2\t3\n"}, {"a.tsv": "1\t2\t3\n1\n"}, {"a.tsv": ""}]
)
def test_what_is_no_data_set(tmp_path, files):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InvalidInput):
        read(tmp_path)
    with pytest.raises(InvalidInput):
        read(tmp_path / "missing")


def test_tenths():
    assert [parts(n) for n in (1, 2, 3, 9, 10, 19, 20, 49, 50)] == [
        (1, 0, 0),
        (1, 0, 1),
        (1, 1, 1),
        (7, 1, 1),
        (8, 1, 1),
        (17, 1, 1),
        (16, 2, 2),
        (41, 4, 4),
        (40, 5, 5),
    ]


def test_a_split_loses_nothing_and_is_told_by_its_seed():
    data = planted(40, 200, each=23)
    folds = [random_fold(data, seed) for seed in SEEDS]
    for fold in folds:
        assert (fold.known + fold.test != counts_of(data)).nnz == 0
        assert (fold.train.nnz, fold.known.nnz, fold.test.nnz) == (40 * 19, 40 * 21, 40 * 2)
        assert not fold.known.multiply(fold.test).nnz
    assert (folds[0].test != folds[1].test).nnz
    assert not (folds[0].test != random_fold(data, SEEDS[0]).test).nnz


def test_measures_by_hand():
    hits = np.zeros(100, dtype=np.bool_)
    hits[[1, 4, 15, 60]] = True
    made = of_list(hits, 6)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, 7))
    assert made["recall_at_10"] == pytest.approx(2 / 6)
    assert made["mrr_at_10"] == 1 / 2
    assert made["ndcg_at_10"] == pytest.approx((1 / log2(3) + 1 / log2(6)) / ideal)
    assert made["hit_at_10"] == 1
    assert made["precision_at_10"] == pytest.approx(0.2)
    assert made["recall_at_20"] == pytest.approx(3 / 6)
    assert made["ndcg_at_100"] == pytest.approx(sum(1 / log2(rank + 1) for rank in (2, 5, 16, 61)) / ideal)
    assert of_list(np.eye(1, 100, 10)[0] > 0, 20)["mrr_at_10"] == 0  # eleventh
    assert of_list(np.ones(10, dtype=np.bool_), 20)["ndcg_at_10"] == pytest.approx(1)


def test_beyond_right_or_wrong_by_hand():
    made = beyond(np.array([0, 0, 1, 0]), np.array([4, 1, 0, 2]), people=8)
    assert made["coverage_at_10"] == 0.5
    assert made["gini_at_10"] == pytest.approx(((2 * 3 - 5) * 1 + (2 * 4 - 5) * 3) / (4 * 4))
    assert made["novelty_bits"] == pytest.approx((3 * 1 + 3) / 4)
    assert made["outside_top_share"] == 0.25  # the top is one item of four


@pytest.mark.parametrize("binary", [False, True])
def test_the_whole_protocol_against_one_written_out(binary):
    """The shape of HetRec's Last.fm, smaller: dense matrices, sorted lists, no line of the product."""
    data = planted(150, 500, each=30)
    fold = random_fold(data, 2021)
    train, known, test = (each.toarray() for each in (fold.train, fold.known, fold.test))
    x = (train > 0) * 1.0 if binary else np.log1p(train)
    p = np.linalg.inv(x.T @ x + 20 * np.eye(500))
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0)
    heard = np.maximum((train > 0).sum(axis=0), 1)
    gains, recalls = [], []
    for user in range(150):
        scores = (x[user] @ b) / heard**0.2
        ranked = [item for item in np.argsort(-scores, kind="stable") if not known[user, item]][:10]
        wanted = set(np.flatnonzero(test[user]))
        gain = sum(1 / log2(rank + 2) for rank, item in enumerate(ranked) if item in wanted)
        gains.append(gain / sum(1 / log2(rank + 2) for rank in range(min(10, len(wanted)))))
        recalls.append(len(wanted & set(ranked)) / len(wanted))
    recipe = Recipe(weights="binary" if binary else "log")
    made = measure(fold, product(recipe)(fold.train))
    assert made["ndcg_at_10"] == pytest.approx(np.mean(gains), abs=1e-6)
    assert made["recall_at_10"] == pytest.approx(np.mean(recalls), abs=1e-6)


def test_planted_tastes_are_found():
    """The gate: on invented people with tastes, EASE is worth at least half as much again as what is popular."""
    folds = [random_fold(planted(), seed) for seed in SEEDS[:2]]
    popular = over_folds(folds, popularity).mean["ndcg_at_10"]
    assert popular > 0.02
    for made in (product(Recipe()), plain_ease(Recipe(damping=0.0)), plain_ease(Recipe(500.0, "binary", 0, 0))):
        assert over_folds(folds, made).mean["ndcg_at_10"] >= 1.5 * popular


def test_item_knn_is_the_cosine():
    train = random_fold(planted(30, 40, each=12), 1).train
    x = np.log1p(train.toarray())
    length = np.linalg.norm(x, axis=0)
    alike = x.T @ x / (np.outer(length, length) + 10)
    np.fill_diagonal(alike, 0)
    assert item_knn(train)(3) == pytest.approx(x[3] @ alike)


def asked(*arguments):
    return CliRunner().invoke(app, ["bench", "recommend", *map(str, arguments)])


def test_the_command_on_one_file(tmp_path):
    whole = planted(60, 200, each=30).whole
    rows = zip(whole.user.tolist(), whole.item.tolist(), whole.weight.tolist(), strict=True)
    (tmp_path / "plays.tsv").write_text("".join(f"{u}\t{i}\t{w:g}\n" for u, i, w in rows))
    made = json.loads(asked("--dataset", tmp_path, "--seeds", 2, "--json").stdout)
    assert {*MEASURES, *MORE} <= set(made)
    assert (made["model"], made["l2"], made["damping"], made["seeds"]) == ("product", 20, 0.2, [2020, 2021])
    assert set(made["beside"]) == {"ease", "item-knn", "popularity"}
    assert made["sd"]["ndcg_at_10"] > 0
    assert made["train"] + made["test"] + 180 == made["known"] + made["test"] == 1800
    plain = json.loads(asked("--dataset", tmp_path, "--seeds", 2, "--model", "ease", "--json").stdout)
    assert plain["ndcg_at_10"] == made["beside"]["ease"]["ndcg_at_10"]
    told = asked("--dataset", tmp_path, "--seeds", 2)
    assert "LightGCN, published" in told.stdout
    assert f"{made['ndcg_at_10']:.4f}" in told.stdout


def test_the_command_on_train_and_test_files(tmp_path):
    fold = random_fold(planted(60, 200, each=30), 5)
    for name in ("train", "test"):
        lines = [f"{user} {' '.join(map(str, row(getattr(fold, name), user)))}\n" for user in range(60)]
        (tmp_path / f"{name}.txt").write_text("".join(lines))
    made = json.loads(asked("--dataset", tmp_path, "--json").stdout)
    assert (made["model"], made["l2"], made["damping"], made["weights"]) == ("ease", 500, 0, "binary")
    x = (fold.train.toarray() > 0) * 1.0
    x = x[:, fold.train.toarray().any(axis=0) | fold.test.toarray().any(axis=0)]
    assert made["items"] == x.shape[1]
    turned = json.loads(asked("--dataset", tmp_path, "--json", "--model", "product").stdout)
    assert turned["beside"]["ease"]["ndcg_at_10"] == made["ndcg_at_10"]
    assert made["beside"]["product"]["ndcg_at_10"] == turned["ndcg_at_10"]
    assert "published" not in asked("--dataset", tmp_path).stdout.lower()


def test_the_command_refuses(tmp_path):
    assert asked("--dataset", tmp_path).exit_code == 2 or asked("--dataset", tmp_path).exception
    assert asked("--dataset", tmp_path, "--damping", -1).exit_code == 2
