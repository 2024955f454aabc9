"""One tree of errors: a branch is what a caller can do about it, a leaf is a code with its ids and both languages."""

import pytest

from engine import errors
from engine.model.problem import Problem
from engine.model.text import both

BRANCHES = [
    (errors.NotFound, 404),
    (errors.Forbidden, 403),
    (errors.Conflict, 409),
    (errors.Invalid, 422),
    (errors.TooLarge, 413),
    (errors.Unavailable, 503),
]


@pytest.mark.parametrize("branch, status", BRANCHES)
def test_a_branch_has_its_status_and_a_leaf_its_code_text_and_ids(
    branch: type[errors.CrmflowError], status: int
) -> None:
    error = branch("order_gone", zh="订单不存在", en="the order is gone", order="o-17")
    assert error.status == status
    assert error.code == "order_gone"
    assert error.text == {"zh-CN": "订单不存在", "en": "the order is gone"}
    assert error.ids == {"order": "o-17"}
    assert str(error) == "the order is gone"
    assert isinstance(error, errors.CrmflowError)


def test_the_branches_do_not_contain_each_other() -> None:
    for branch, _ in BRANCHES:
        assert [other for other, _ in BRANCHES if issubclass(branch, other)] == [branch]


def test_what_was_handed_in_wrong_names_every_place() -> None:
    places = [Problem(code=code, text=both(zh="有误", en="wrong")) for code in ("a", "b")]
    error = errors.Invalid("form_wrong", zh="表单有误", en="the form is wrong", problems=places)
    assert error.problems == tuple(places)
    assert errors.Invalid("x", zh="有误", en="wrong").problems == ()


def test_the_tree_drawn_on_top_of_the_file_is_the_tree() -> None:
    drawn = errors.__doc__ or ""
    for branch, status in BRANCHES:
        assert f"{branch.__name__}" in drawn
        assert str(status) in drawn
