"""Which version a program is, and what has been released in its place."""

from typing import Any

import pytest

from engine.migration import standing
from engine.model.text import both

BASE = both(zh="基准流程", en="base")
NAMES = {"": BASE, "P:ka": both(zh="大客户", en="Key accounts"), "P:gr": both(zh="成长", en="Growing")}


def version(program: str, n: int, status: str = "released", owner: str = "") -> standing.Version:
    link: dict[str, Any] = {"kind": "variant" if owner else "base", "id": owner or "P", "n": n, "program": program}
    return standing.Version(program=program, name=NAMES[owner], n=n, owner=owner, status=status, chain=(link,))


B1, B2 = version("b1", 1, "retired"), version("b2", 2)
K1, K2 = version("k1", 1, "retired", "P:ka"), version("k2", 2, "released", "P:ka")
G1 = version("g1", 1, "retired", "P:gr")
KNOWN = [B2, B1, K2, K1, G1]

AFTER = [
    # rule, known, own, successor
    ("the released base for an older base", KNOWN, B1, B2),
    ("the released version of the same variant", KNOWN, K1, K2),
    ("the base for a variant that was given up", KNOWN, G1, B2),
    ("the base for the only release of a variant", [B2, K2], K2, B2),
    ("nothing for the newest base", [B2, B1], B2, None),
    ("nothing where nothing is released", [B1, K1], K1, None),
    ("a draft is no successor", [version("b3", 3, "draft"), B2, B1], B1, B2),
    ("an approved version is no successor", [version("b3", 3, "approved"), B1], B1, None),
    ("another variant's release is no successor", [K2, G1], G1, None),
    ("the same program under a newer number is no successor", [version("b1", 2), B1], B1, None),
]


@pytest.mark.parametrize(("known", "own", "expected"), [row[1:] for row in AFTER], ids=[row[0] for row in AFTER])
def test_the_successor_is(
    known: list[standing.Version], own: standing.Version, expected: standing.Version | None
) -> None:
    assert standing.successor(known, own) == expected


@pytest.mark.parametrize(
    ("one", "zh", "en"),
    [
        (B1, "基准流程 v1", "base v1"),
        (B2, "基准流程 v2", "base v2"),
        (K2, "大客户 v2", "Key accounts v2"),
        (G1, "成长 v1", "Growing v1"),
    ],
)
def test_a_version_is_called_by_its_owner_and_number(one: standing.Version, zh: str, en: str) -> None:
    assert one.title == {"zh-CN": zh, "en": en}


TITLES = [
    # old, new, Chinese, English
    ("b1", "b2", "基准流程 v1 → 基准流程 v2", "base v1 → base v2"),
    ("k1", "k2", "大客户 v1 → 大客户 v2", "Key accounts v1 → Key accounts v2"),
    ("g1", "b2", "成长 v1 → 基准流程 v2", "Growing v1 → base v2"),
    ("0123456789abcdef", "b2", "01234567 → 基准流程 v2", "01234567 → base v2"),
    ("b1", "0123456789abcdef", "基准流程 v1 → 01234567", "base v1 → 01234567"),
]


@pytest.mark.parametrize(("old", "new", "zh", "en"), TITLES)
def test_a_migration_is_called_by_both_versions(old: str, new: str, zh: str, en: str) -> None:
    assert standing.title(KNOWN, old, new) == {"zh-CN": zh, "en": en}


def test_versions_that_share_a_program_are_told_by_the_released_one() -> None:
    shared = [version("b1", 3, "draft"), version("b1", 2), version("b1", 1, "retired")]
    assert standing.title(shared, "b1", "b1")["en"] == "base v2 → base v2"
    assert standing.chain(shared, "b1")[0]["n"] == 2
    none_released = [version("b1", 3, "draft"), version("b1", 1, "retired")]
    assert standing.chain(none_released, "b1")[0]["n"] == 3


def test_an_unknown_program_has_no_chain() -> None:
    assert standing.chain(KNOWN, "lost") == ()
    assert standing.chain([], "b1") == ()
    assert standing.chain(KNOWN, "k2") == K2.chain
