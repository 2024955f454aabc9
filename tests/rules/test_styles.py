"""Style sheets are one page's clothes: a class that one sheet dresses as a whole is not dressed again by another."""

import re
from collections import defaultdict

import pytest

from tests.rules.source import ROOT

SHEETS = sorted((ROOT / "web" / "static" / "css").glob("*.css"))
PRINT = "print.css"
"""Undresses what stands on paper."""


def whole(text: str) -> set[str]:
    """Classes that are a selector by themselves, outside of media queries."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    selectors = [re.sub(r"\([^()]*\)", "", one) for one in re.findall(r"([^{}]+)\{[^{}]*\}", text)]
    return {
        found[1] for one in selectors for part in one.split(",") if (found := re.fullmatch(r"\s*\.([\w-]+)\s*", part))
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".a { x: y }", {"a"}),
        (".a,\n.b-c { x: y } .d .e { x: y }", {"a", "b-c"}),
        ("article.a { x: y } .a > .b { x: y } .a:hover { x: y }", set()),
        (":is(.a, .b) .icon { x: y }", set()),
        ("@media (max-width: 9px) { .a { x: y } .b { x: y } } .c { x: y }", {"c"}),
        ("/* .a { } */ .b { x: y }", {"b"}),
    ],
)
def test_a_class_by_itself_is_told_from_one_in_its_place(text: str, found: set[str]) -> None:
    assert whole(text) == found


def test_no_two_sheets_dress_the_same_class_as_a_whole() -> None:
    by_class = defaultdict(list)
    for sheet in SHEETS:
        for name in whole(sheet.read_text()) if sheet.name != PRINT else ():
            by_class[name].append(sheet.name)
    assert len(by_class) > 100
    assert {name: sheets for name, sheets in by_class.items() if len(sheets) > 1} == {}
