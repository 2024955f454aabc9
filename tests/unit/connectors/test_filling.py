"""Values filled into what an administrator wrote: only the administrator's own text is ever evaluated."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.connectors import filling
from engine.outside import targets

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value, filled",
    [
        ("plain", "plain"),
        ("=amount * 2", 24),
        ("=order.lines[1].sku", "A-1"),
        ("=nothing", None),
        (["=amount", {"a": "=name"}, 5, None, True], [12, {"a": "李雷"}, 5, None, True]),
        ({"deep": {"deeper": ["=amount > 10"]}}, {"deep": {"deeper": [True]}}),
        (7, 7),
        ("= name", "李雷"),
        ("a = b", "a = b"),
    ],
)
def test_every_text_that_begins_with_an_equals_sign_is_feel(value: Any, filled: Any) -> None:
    scope = {"amount": 12, "name": "李雷", "order": {"lines": [{"sku": "A-1"}]}}
    assert filling.fill(value, scope, NOW) == filled


def test_a_value_that_looks_like_an_expression_is_a_value() -> None:
    assert filling.fill({"a": "=name"}, {"name": "=1+1"}, NOW) == {"a": "=1+1"}


def test_a_name_in_a_body_is_not_evaluated() -> None:
    assert filling.fill({"=amount": "x"}, {"amount": 1}, NOW) == {"=amount": "x"}


@pytest.mark.parametrize(
    "template, url",
    [
        ("https://a.test/orders/{id}", "https://a.test/orders/A%2F7"),
        ("https://a.test/{amount}/{flag}", "https://a.test/12/true"),
        ("https://a.test/{name}", "https://a.test/%E6%9D%8E%20%E9%9B%B7"),
        ("https://a.test/{id}?q={name}&x={amount + 1}", "https://a.test/A%2F7?q=%E6%9D%8E%20%E9%9B%B7&x=13"),
        ("https://a.test/{price}", "https://a.test/12.50"),
        ("https://a.test/", "https://a.test/"),
    ],
)
def test_what_stands_in_braces_becomes_one_encoded_piece(template: str, url: str) -> None:
    scope = {"id": "A/7", "amount": 12, "flag": True, "name": "李 雷", "price": Decimal("12.50")}
    assert filling.address(template, scope, NOW) == url


@given(st.text(min_size=1, max_size=60).filter(lambda text: text not in (".", "..")))
def test_no_value_adds_a_segment_a_query_or_another_host(value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    target = targets.read(filling.address("https://a.test/x/{v}/y", {"v": value}, NOW))
    assert target.host == "a.test" and target.secure and target.port == 443
    assert target.path.count("/") == 3 and "?" not in target.path and "#" not in target.path


@pytest.mark.parametrize("value", [None, "", ".", "..", [], {}, ["a"], {"a": 1}])
def test_a_value_that_cannot_stand_in_an_address_is_refused_by_name(value: Any) -> None:
    with pytest.raises(errors.Invalid) as refused:
        filling.address("https://a.test/{order.id}", {"order": {"id": value}}, NOW)
    assert refused.value.code == "address_empty" and refused.value.ids == {"expression": "order.id"}
    assert "{order.id}" in refused.value.text["zh-CN"]


@pytest.mark.parametrize(
    "given_texts, found",
    [
        ({"a": 1, "b": True, "c": "x", "d": None}, {"a": "1", "b": "true", "c": "x"}),
        ({"when": NOW}, {"when": "2026-03-02T09:00:00Z"}),
        ({"price": Decimal("1.10")}, {"price": "1.10"}),
    ],
)
def test_headers_and_queries_are_texts(given_texts: dict[str, Any], found: dict[str, str]) -> None:
    assert filling.texts(given_texts) == found


def test_json_carries_decimals_as_numbers_and_moments_as_text() -> None:
    assert filling.encode({"a": Decimal("1.50"), "b": NOW}) == b'{"a":1.50,"b":"2026-03-02T09:00:00Z"}'


@pytest.mark.parametrize(
    "value, pointers",
    [
        ("=1 +", ["/body"]),
        ({"a": "=1 +", "b": ["fine", "=)"]}, ["/body/a", "/body/b/1"]),
        ({"a/b": "=("}, ["/body/a~1b"]),
        ("=fine", []),
        ("not = feel", []),
    ],
)
def test_every_wrong_expression_is_told_with_its_place(value: Any, pointers: list[str]) -> None:
    found = list(filling.problems(value, "/body"))
    assert sorted(problem.pointer for problem in found) == pointers
    assert all(problem.text.keys() == {"zh-CN", "en"} for problem in found)


@pytest.mark.parametrize(
    "template, count",
    [("https://a/{x}", 0), ("https://a/{x +}", 1), ("https://a/{x", 1), ("https://a/x}", 1), ("https://a/{}", 1)],
)
def test_an_address_with_wrong_braces_is_told(template: str, count: int) -> None:
    assert len(list(filling.address_problems(template, "/url"))) == count


def test_settings_with_too_many_texts_are_refused() -> None:
    with pytest.raises(errors.TooLarge):
        list(filling.problems([f"={number}" for number in range(600)]))
