"""Layers of a directed graph: columns by the longest way from a start, rows by where the neighbours lie."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

Link = tuple[str, str]


class Rows(NamedTuple):
    of: dict[str, int]
    by_row: list[list[str]]


def columns(keys: Sequence[str], links: Sequence[Link]) -> list[list[str]]:
    """Each key in one column, its predecessors in earlier ones; links that close a loop do not count."""
    members = set(keys)
    following: dict[str, list[str]] = {key: [] for key in keys}
    for source, target in links:
        if source in members and target in members and source != target:
            following[source].append(target)
    order = _order(keys, following)
    place = {key: index for index, key in enumerate(order)}
    depth = dict.fromkeys(keys, 0)
    for key in order:
        for target in following[key]:
            if place[target] > place[key]:
                depth[target] = max(depth[target], depth[key] + 1)
    found: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key in keys:
        found[depth[key]].append(key)
    return [column for column in found if column]


def _order(keys: Sequence[str], following: dict[str, list[str]]) -> list[str]:
    """A topological order of the graph without its back links: reverse of the order in which a walk is done."""
    entered = {target for targets in following.values() for target in targets}
    done: list[str] = []
    seen: set[str] = set()
    for root in (*(key for key in keys if key not in entered), *keys):
        stack = [(root, iter(following[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            key, rest = stack[-1]
            fresh = next((target for target in rest if target not in seen), None)
            if fresh is None:
                done.append(key)
                stack.pop()
            else:
                seen.add(fresh)
                stack.append((fresh, iter(following[fresh])))
    return done[::-1]


class Stretched(NamedTuple):
    columns: list[list[str]]
    links: list[Link]
    bends: dict[Link, list[str]]
    """The place holders of each long link, from left to right."""


def stretch(columns: Sequence[Sequence[str]], links: Sequence[Link]) -> Stretched:
    """Place holders in every column that a link passes over, so that nothing else is put in its way."""
    depth = {key: number for number, column in enumerate(columns) for key in column}
    wider = [list(column) for column in columns]
    short: list[Link] = []
    bends: dict[Link, list[str]] = {}
    for link in dict.fromkeys(links):
        source, target = link
        if source not in depth or target not in depth or depth[target] - depth[source] < 2:
            short.append(link)
            continue
        holders = [f"{source} {target} {number}" for number in range(depth[source] + 1, depth[target])]
        for number, holder in enumerate(holders, depth[source] + 1):
            wider[number].append(holder)
        bends[link] = holders
        chain = [source, *holders, target]
        short.extend(itertools.pairwise(chain))
    return Stretched(wider, short, bends)


def rows(columns: Sequence[Sequence[str]], links: Sequence[Link], *, below: frozenset[str] = frozenset()) -> Rows:
    """A row for each key, one key a row and column: near the rows of what leads to it, or one ``below``."""
    leading: dict[str, list[str]] = {}
    for source, target in links:
        leading.setdefault(target, []).append(source)
    of: dict[str, int] = {}
    for column in columns:
        wanted = {key: _middle([of[before] for before in leading.get(key, ()) if before in of]) for key in column}
        taken: set[int] = set()
        for key in sorted(column, key=lambda key: wanted[key] + (key in below)):
            row = wanted[key] + (key in below)
            while row in taken:
                row += 1
            taken.add(row)
            of[key] = row
    by_row: list[list[str]] = [[] for _ in range(max(of.values(), default=-1) + 1)]
    for key, row in of.items():
        by_row[row].append(key)
    return Rows(of, by_row)


def _middle(values: list[int]) -> int:
    return round(sum(values) / len(values)) if values else 0
