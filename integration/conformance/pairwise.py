# SPDX-License-Identifier: Apache-2.0
"""Combinations of values: all of them, or few that hold every pair."""
import itertools


def pairs_of(combination):
    """The pairs of (axis, value) in one combination, a dict of axis to value."""
    return set(itertools.combinations(sorted(combination.items()), 2))


def full(axes, allowed=lambda combination: True):
    """Every allowed combination of axes, a dict of axis to values, in order."""
    combinations = (dict(zip(axes, values)) for values in itertools.product(*axes.values()))
    return [combination for combination in combinations if allowed(combination)]


def pairwise(axes, allowed=lambda combination: True):
    """Allowed combinations that together hold every pair of values that any allowed combination holds: greedily, always
    the first of those that add the most new pairs."""
    candidates = [(combination, pairs_of(combination)) for combination in full(axes, allowed)]
    missing = set().union(*(pairs for _, pairs in candidates))
    chosen = []
    while missing:
        combination, pairs = max(candidates, key=lambda candidate: len(candidate[1] & missing))
        chosen.append(combination)
        missing -= pairs
    return chosen


def coverage(chosen, axes, allowed=lambda combination: True):
    """(pairs that the chosen combinations hold, pairs that exist), both counted anew."""
    existing = set().union(*map(pairs_of, full(axes, allowed)))
    return len(existing & set().union(set(), *map(pairs_of, chosen))), len(existing)
