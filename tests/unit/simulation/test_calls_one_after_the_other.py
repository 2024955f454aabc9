"""A called process that answers otherwise the second time."""

from typing import Any

import pytest

from engine import errors
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.simulation.playing import Answering


def asked(library: Answering, node: str = "Phase") -> str:
    return library.called(CallRequest(node=node, key="P")).sha256


def library(answers: Any) -> Answering:
    return Answering({"Phase": answers}, None, compile_program)


def test_a_list_is_used_up_one_by_one_and_its_last_stays() -> None:
    shelf = library([{"n": 1}, {"n": 2}])
    first, second, third = (asked(shelf) for _ in range(3))
    assert first != second == third
    assert shelf.plan(first).sha256 == first and shelf.plan(second).sha256 == second


def test_one_answer_stays() -> None:
    shelf = library({"n": 1})
    assert asked(shelf) == asked(shelf)


def test_what_has_no_answer_is_told() -> None:
    for answers in ({"n": 1}, []):
        with pytest.raises(errors.NotFound) as none:
            asked(library(answers), "Other" if answers else "Phase")
        assert none.value.text["zh-CN"] and "was not given" in none.value.text["en"]
