"""Every user story says where it is walked, and every walk that it names is there."""

import ast

from tests.browser import stories
from tests.shared import ROOT


def functions(file: str) -> set[str]:
    path = ROOT / "tests" / file
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_all_forty_five_are_there_in_order() -> None:
    assert list(stories.STORIES) == list(range(1, 46))
    assert all(stories.STORIES.values()), "a story that nobody walks"


def test_each_walk_is_a_test_that_there_is() -> None:
    named = {walk for walks in stories.STORIES.values() for walk in walks}
    known = {file: functions(file) for file in {walk.partition("::")[0] for walk in named}}
    assert sorted(walk for walk in named if walk.partition("::")[2] not in known[walk.partition("::")[0]]) == []


def test_what_is_lacking_is_said_in_a_sentence_of_a_story() -> None:
    assert set(stories.LACKING) <= set(stories.STORIES)
    assert all(text.endswith(".") for text in stories.LACKING.values())


def test_whoever_walks_staff_s_stories_walks_them_in_both_languages_and_on_a_phone() -> None:
    text = (ROOT / "tests" / "browser" / "test_desk.py").read_text(encoding="utf-8")
    walks = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    alone = [one.name for one in walks if not any("locale" in ast.unparse(mark) for mark in one.decorator_list)]
    assert walks and alone == []
