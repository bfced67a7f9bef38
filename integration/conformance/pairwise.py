# SPDX-License-Identifier: Apache-2.0
"""Combinations of values: all of them, or few that hold every pair."""
import collections
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
    one that adds the most new pairs, and of those one whose values were used least."""
    candidates = [(combination, pairs_of(combination)) for combination in full(axes, allowed)]
    missing = set().union(*(pairs for _, pairs in candidates))
    chosen, used = [], collections.Counter()
    while missing:
        combination, pairs = max(candidates, key=lambda candidate: (
            len(candidate[1] & missing), -sum(used[value] for value in candidate[0].items())))
        chosen.append(combination)
        used.update(combination.items())
        missing -= pairs
    return chosen


def coverage(chosen, axes, allowed=lambda combination: True):
    """(pairs that the chosen combinations hold, pairs that exist), both counted anew."""
    existing = set().union(*map(pairs_of, full(axes, allowed)))
    return len(existing & set().union(set(), *map(pairs_of, chosen))), len(existing)
