"""Names in expressions: unknown functions, and variables that are one slip away from one that the process writes."""

import msgspec
import pytest

from engine.definitions import checks, name_rules
from engine.definitions.graph import Graph
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import EN, ZH
from tests.unit.definitions.build import end, feel, flow, program, start


def asking(condition: str, *, language: str = "feel", **fields) -> Program:
    """A gateway with the condition, in a process that writes ``discount`` and asks for ``customer_class``."""
    work = nodes.ScriptTask(
        id="work", script="", result="discount", inputs=(Mapping(target="local_sum", source=feel("1 + 1")),)
    )
    made = program(
        start(),
        work,
        nodes.ExclusiveGateway(id="big", default="big-end"),
        end(),
        end("other"),
        "start > work > big > end",
        forms={"f": {"type": "object", "properties": {"customer_class": {"type": "string"}}}},
        **fields,
    )
    written = Expression(text=condition, language=language)  # type: ignore[arg-type]
    asked = msgspec.structs.replace(flow("big", "other", id="asked"), condition=written)
    return msgspec.structs.replace(made, flows=(*made.flows, asked))


def found(made: Program) -> list[Problem]:
    return [problem for rule in name_rules.RULES for problem in rule(Graph(made))]


@pytest.mark.parametrize(
    ("condition", "code", "guess"),
    [
        ("discuont > 3", "variable_misspelt", "discount"),  # exchanged
        ("discoun > 3", "variable_misspelt", "discount"),  # too few
        ("disscount > 3", "variable_misspelt", "discount"),  # too many
        ("discaunt > 3", "variable_misspelt", "discount"),  # wrong
        ("Discount > 3", "variable_misspelt", "discount"),  # capitals
        ('customerClass = "A"', "variable_misspelt", "customer_class"),  # another style
        ("discount = True", "variable_misspelt", "true"),
        ("discount = None", "variable_misspelt", "null"),
        ("discount != NULL", "variable_misspelt", "null"),
        ("lenght(discount) > 3", "function_unknown", ""),
        ("uper case(x) = y", None, None),  # no expression at all: told by another rule
        ("containss(x, y)", "function_unknown", "contains"),
        ("coutn(x) > 1", "function_unknown", "count"),
    ],
)
def test_a_slip_is_told_with_what_was_meant(condition: str, code: str | None, guess: str | None) -> None:
    problems = found(asking(condition))
    assert [problem.code for problem in problems] == ([code] if code else [])
    for problem in problems:
        assert (problem.severity, problem.element) == ("warning", "asked")
        assert (guess or "") in problem.text[EN] and (guess or "") in problem.text[ZH]
        assert ("did you mean" in problem.text[EN]) == ("是否指" in problem.text[ZH]) == bool(guess)


@pytest.mark.parametrize(
    "condition",
    [
        "discount > 3",
        "local_sum = 2",
        'customer_class = "A"',
        "entirely_unknown > 3",  # may be given at the start
        "discounts > 3",  # a plural is another name
        "discount1 > 3",  # a number makes another name
        "outcome = null and execution.businessKey != null",
        "count(for discuont in xs return discuont) > 0",  # bound within the expression
        "count(orders[discuont > 3]) > 0",  # may be an entry of an order
        "x.discuont > 3",  # an entry of something
        "sum(1, 2) > 3",
    ],
)
def test_what_may_be_meant_as_it_stands_is_not_questioned(condition: str) -> None:
    assert found(asking(condition)) == []


def test_other_languages_are_looked_at_as_well() -> None:
    assert [p.code for p in found(asking("${discuont > 3}", language="juel"))] == ["variable_misspelt"]
    assert found(asking("discuont > 3", language="literal")) == []


def test_every_part_is_looked_at_and_a_name_told_once_at_a_place() -> None:
    timer = triggers.Timer(kind="duration", text=feel("discuont * coutn(x) + discuont"))
    made = program(
        start(),
        nodes.ScriptTask(id="work", script="", result="discount"),
        nodes.CatchEvent(id="wait", triggers=(timer,)),
        end(),
        "start > work > wait > end",
    )
    assert [(p.code, p.element) for p in found(made)] == [("function_unknown", "wait"), ("variable_misspelt", "wait")]
    assert {p.code for p in checks.check(made)} >= {"function_unknown", "variable_misspelt"}


def test_what_an_activity_answers_has_names_of_its_own() -> None:
    made = program(
        start(),
        nodes.ServiceTask(id="work", outputs=(Mapping(target="discount", source=feel("Discount")),)),
        end(),
        "start > work > end",
    )
    assert found(made) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"parameters": {"discuont": 3}},
        {"inputs": ("discuont",)},
        {"outputs": ("discuont",)},
        {"decisions": {"d": "<definitions>discuont</definitions>"}},
    ],
)
def test_what_the_process_declares_is_known(fields) -> None:
    assert found(asking("discuont > 3", **fields)) == []


@pytest.mark.parametrize(
    ("name", "other", "slip"),
    [
        ("amount", "amuont", True),
        ("amount", "amont", True),
        ("amount", "amounts", False),
        ("boxes", "box", False),
        ("price", "prices", False),
        ("address", "adress", True),
        ("amount2", "amount3", False),
        ("amount", "amount2", False),
        ("rate", "rates", False),
        ("date", "data", False),  # too short to be sure
        ("orderDate", "order_date", True),
        ("approved", "approval", False),  # two letters
        ("manager", "manager", False),
        ("amount", "", False),
    ],
)
def test_a_slip_is_one_letter_or_the_capitals(name: str, other: str, slip: bool) -> None:
    assert name_rules.is_slip(name, other) is slip
    assert name_rules.is_slip(other, name) is slip
