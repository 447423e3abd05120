"""Weighs the signs that an event was read rightly, and prints them for [accept] of rules/learned.toml.

    target/release/monazite brief --score crates/brief/tests/articles/retold/chosen --rules FOLDER --csv=judged > judged.csv
    learning/bin/python crates/brief/learned/weigh.py judged.csv

FOLDER holds a learned.toml with `keep = 0.0` and low margins, so that much is found. A logistic regression with a little shrinking (ridge 1), by
Newton's method; printed with it: F1 by `keep`, where what is missed is what the file does not have (--missed N), and how often events of
a probability are right.
"""

import argparse
import csv

import numpy as np

SIGNS = ("sentence", "words", "party", "again", "learned")


def read(path):
    rows = [row for row in csv.DictReader(open(path)) if row["sentence"]]
    for row in rows:
        row["learned"] = float(row["rule"].startswith("learned-"))
    signs = np.array([[1.0] + [float(row[sign]) for sign in SIGNS] for row in rows])
    return signs, np.array([float(row["right"]) for row in rows]), [row["article"] for row in rows]


def fit(signs, right, ridge=1.0):
    weights = np.zeros(signs.shape[1])
    shrink = np.diag([0.0] + [ridge] * (signs.shape[1] - 1))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-signs @ weights))
        slope = signs.T @ (right - chance) - shrink @ weights
        curve = (signs * (chance * (1 - chance))[:, None]).T @ signs + shrink
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def crossed(signs, right, articles, folds=12):
    """The probability of each by weights fitted without its article."""
    names = sorted(set(articles))
    fold = np.array([names.index(name) % folds for name in articles])
    chance = np.zeros(len(right))
    for one in range(folds):
        weights = fit(signs[fold != one], right[fold != one])
        chance[fold == one] = 1 / (1 + np.exp(-signs[fold == one] @ weights))
    return chance


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("judged")
    asked.add_argument("--missed", type=int, default=0)
    given = asked.parse_args()
    signs, right, articles = read(given.judged)
    for name, weight in zip(("start", *SIGNS), fit(signs, right)):
        print(f"{name} = {weight:.3f}")
    chance = crossed(signs, right, articles)
    for keep in np.arange(0, 0.6, 0.05):
        kept = chance >= keep
        found = right[kept].sum()
        print(f"keep {keep:.2f}: F1 {2 * found / (kept.sum() + right.sum() + given.missed):.3f}, right {found:.0f} of {kept.sum()}")
    for low in np.arange(0, 1, 0.1):
        own = (chance >= low) & (chance < low + 0.1)
        if own.any():
            print(f"probability {low:.1f} to {low + 0.1:.1f}: {own.sum()}, right {right[own].mean():.2f}")


if __name__ == "__main__":
    main()
