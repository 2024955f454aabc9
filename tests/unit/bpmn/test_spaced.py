"""Names with spaces in expressions, by a table: what is written, the names that are known, what is read."""

import pytest

from engine.bpmn import spaced
from engine.model import nodes
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer

TEXTS = [
    ("a + b", ["a b"], "a + b"),
    ("order total > 5", ["order total"], "`order total` > 5"),
    ("order  total > 5", ["order total"], "`order total` > 5"),
    ("order total and total", ["order total", "total"], "`order total` and total"),
    ("preorder total", ["order total"], "preorder total"),
    ("order totals", ["order total"], "order totals"),
    ("order total net + order total", ["order total", "order total net"], "`order total net` + `order total`"),
    ('"order total" + order total', ["order total"], '"order total" + `order total`'),
    ("`order total`", ["order total"], "`order total`"),
    ('"a \\" order total" + order total', ["order total"], '"a \\" order total" + `order total`'),
    ("order total.net", ["order total"], "`order total`.net"),
    ("客户 等级 = 1", ["客户 等级"], "`客户 等级` = 1"),
    ("a.b c + d", ["a.b c"], "`a.b c` + d"),
    ("price (net) + 1", ["price (net)"], "price (net) + 1"),
    ("order total", [], "order total"),
    ("if a then b else c", ["then b"], "if a `then b` else c"),
    ("order\n total + 1", ["order total"], "`order total` + 1"),
]


@pytest.mark.parametrize(("text", "names", "read"), TEXTS)
def test_a_known_name_with_spaces_is_put_into_backticks(text, names, read):
    assert spaced.quote(Expression(text=text), names).text == read


@pytest.mark.parametrize(("text", "names", "read"), TEXTS)
def test_quoting_twice_is_quoting_once(text, names, read):
    assert spaced.quote(Expression(text=read), names).text == read


LANGUAGES = [
    ("feel", "`a b`"),
    ("camunda8", "`a b`"),
    ("juel", "a b"),
    ("python", "a b"),
    ("javascript", "a b"),
    ("groovy", "a b"),
    ("mvel", "a b"),
    ("literal", "a b"),
]


@pytest.mark.parametrize(("language", "text"), LANGUAGES)
def test_only_feel_has_names_with_spaces(language, text):
    given = Expression(text="a b", language=language, line=7)
    assert spaced.quote(given, ["a b"]) == Expression(text=text, language=language, line=7)


def test_every_expression_of_a_node_is_looked_at_and_nothing_else():
    def made(text: str) -> nodes.UserTask:
        said = Expression(text=text)
        return nodes.UserTask(
            id="a b",
            name="a b",
            due=said,
            inputs=(Mapping(target="a b", source=said),),
            performer=Performer(assignee=said, groups=(said, Expression(text="x"))),
            loop=nodes.MultiInstance(collection=said, element="a b"),
        )

    assert spaced.quote(made("a b"), ["a b"]) == made("`a b`")


def test_without_such_names_the_very_same_value_comes_back():
    node = nodes.Task(id="a")
    assert spaced.quote(node, ["plain", ""]) is node


def test_the_longest_names_count_when_there_are_too_many():
    names = [f"n{'x' * number} y" for number in range(spaced.MAX_NAMES + 1)]
    assert spaced.quote(Expression(text=names[-1]), names).text == f"`{names[-1]}`"
    assert spaced.quote(Expression(text=names[0]), names).text == names[0]
