"""Evaluation of decision models: tables, boxed expressions, requirements, functions, services, types."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine import dmn, errors
from tests.unit.dmn.documents import (
    decision,
    document,
    input_data,
    knowledge,
    literal,
    read,
    table,
    value,
)

AGE = input_data("age", "number")


def test_a_literal_expression_sees_its_inputs() -> None:
    model = AGE + decision("next", literal("age + 1"), needs=["in:age"])
    assert value(model, "next", {"age": 41}) == 42


def test_a_decision_is_found_by_id_or_by_name() -> None:
    model = read(decision("my decision", literal("1")))
    assert dmn.evaluate(model, "my decision", {}).value == 1
    assert dmn.evaluate(model, "id_my_decision", {}).value == 1


def test_an_unknown_decision_is_not_found_and_the_error_lists_the_known_ones() -> None:
    with pytest.raises(errors.NotFound) as missing:
        dmn.evaluate(read(decision("known", literal("1"))), "unknown", {})
    assert "known" in missing.value.text["en"]


def test_a_decision_sees_only_what_it_requires() -> None:
    outcome = dmn.evaluate(read(AGE + decision("d", literal("age"))), "d", {"age": 1})
    assert outcome.value is None
    assert outcome.warnings


def test_an_unknown_name_is_told_with_the_one_that_looks_like_it() -> None:
    model = dmn.read(document(AGE + decision("d", literal("agee + 1"), needs=["in:age"])))
    (problem,) = model.problems
    assert (problem.code, problem.severity, problem.element) == ("name_unknown", "warning", "id_d")
    assert "'age'" in problem.text["en"] and "age" in problem.text["zh-CN"]


@pytest.mark.parametrize("text", ["age", "count([age])", "for x in [age] return x", "[{a: age}][a > 1]", "{b: age}.b"])
def test_known_names_are_not_told(text: str) -> None:
    assert read(AGE + decision("d", literal(text), needs=["in:age"])).problems == ()


def test_constants_of_python_are_told() -> None:
    model = dmn.read(document(decision("d", table(["vip"], [["True", '"yes"']]))))
    assert [problem.code for problem in model.problems] == ["name_unknown"]
    assert "'true'" in model.problems[0].text["en"]


def test_required_decisions_are_computed_first_and_once() -> None:
    model = AGE + (
        decision("a", literal("age * 2"), needs=["in:age"])
        + decision("b", literal("a + 1"), needs=["a"])
        + decision("c", literal("a + b"), needs=["a", "b"])
    )
    outcome = dmn.evaluate(read(model), "c", {"age": 10})
    assert outcome.value == 41  # 20 + 21
    assert [step.name for step in outcome.explanation] == ["a", "b", "c"]


def test_requirements_in_a_circle_are_refused_with_the_circle() -> None:
    circle = decision("a", literal("b"), needs=["b"]) + decision("b", literal("a"), needs=["a"])
    model = dmn.read(document(circle), file="m.dmn")
    assert [problem.code for problem in model.problems] == ["requirement_circle"]
    assert "a" in model.problems[0].text["en"] and "b" in model.problems[0].text["en"]
    with pytest.raises(errors.Invalid):
        dmn.evaluate(model, "a", {})


def test_a_requirement_that_leads_nowhere_is_a_problem() -> None:
    model = dmn.read(document(decision("a", literal("1"), needs=["gone"])), file="m.dmn")
    assert [(problem.code, problem.element) for problem in model.problems] == [("requirement_unknown", "id_a")]


def test_a_text_that_is_no_expression_is_a_problem_with_its_place() -> None:
    model = dmn.read(document("\n\n" + decision("a", literal("1 +"))), file="m.dmn")
    (problem,) = model.problems
    assert (problem.code, problem.file, problem.line, problem.element) == ("expression_syntax", "m.dmn", 3, "id_a")
    with pytest.raises(errors.Invalid) as refused:
        dmn.evaluate(model, "a", {})
    assert refused.value.problems == (problem,)


def test_a_broken_decision_does_not_stop_another() -> None:
    model = dmn.read(document(decision("a", literal("1 +")) + decision("b", literal("2"))))
    assert dmn.evaluate(model, "b", {}).value == 2


def test_every_problem_of_a_file_comes_at_once() -> None:
    cells = table(["age"], [["< <", "1"], ["-", ")"]])
    model = dmn.read(document(AGE + decision("a", cells, needs=["in:age"]) + decision("b", literal("(("))))
    assert len(model.problems) == 3


# hit policies, through XML


AGES = [["< 18", '"child"'], [">= 18", '"adult"'], [">= 65", '"senior"']]


def aged(policy: str, age: Any, **more: Any) -> dmn.Outcome:
    model = AGE + decision("d", table(["age"], AGES, policy=policy, **more), needs=["in:age"])
    return dmn.evaluate(read(model), "d", {"age": age})


@pytest.mark.parametrize(
    ("policy", "age", "expected"),
    [
        ("UNIQUE", 17, "child"),
        ("UNIQUE", 70, None),  # two rules match
        ("FIRST", 70, "adult"),
        ("RULE ORDER", 70, ["adult", "senior"]),
        ("COLLECT", 17, ["child"]),
        ("ANY", 70, None),  # two rules, two values
        ("ANY", 20, "adult"),
    ],
)
def test_hit_policies(policy: str, age: int, expected: Any) -> None:
    assert aged(policy, age).value == expected


def test_priority_takes_the_first_allowed_value() -> None:
    assert aged("PRIORITY", 70, allowed={"out": '"senior", "adult", "child"'}).value == "senior"


def test_output_order_sorts_by_allowed_values() -> None:
    assert aged("OUTPUT ORDER", 70, allowed={"out": '"senior", "adult"'}).value == ["senior", "adult"]


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 30), ("MIN", 10), ("MAX", 20), ("COUNT", 2)])
def test_collect_aggregates(aggregation: str, expected: int) -> None:
    rules = [["> 1", "10"], ["> 2", "20"], ["> 9", "40"]]
    body = table(["age"], rules, policy="COLLECT", aggregation=aggregation)
    assert value(AGE + decision("d", body, needs=["in:age"]), "d", {"age": 5}) == expected


def test_two_hits_of_a_unique_table_are_told() -> None:
    outcome = aged("UNIQUE", 70)
    assert "2, 3" in outcome.warnings[-1].text["en"]


def test_a_table_without_a_hit_is_null() -> None:
    body = table(["age"], [["1", "1"]])
    assert value(AGE + decision("d", body, needs=["in:age"]), "d", {"age": 5}) is None


def test_a_table_without_a_hit_takes_its_default_outputs() -> None:
    body = table(["age"], [["1", "1", "2"]], outputs=("a", "b"), defaults={"a": '"x"', "b": '"y"'})
    assert value(AGE + decision("d", body, needs=["in:age"]), "d", {"age": 5}) == {"a": "x", "b": "y"}


def test_several_outputs_make_a_context() -> None:
    body = table(["age"], [["-", "age", '"z"']], outputs=("number", "letter"))
    assert value(AGE + decision("d", body, needs=["in:age"]), "d", {"age": 5}) == {"number": 5, "letter": "z"}


def test_cells_may_speak_of_other_inputs() -> None:
    model = AGE + input_data("limit", "number")
    body = table(["age"], [["< limit", '"under"'], [">= limit", '"over"']])
    model += decision("d", body, needs=["in:age", "in:limit"])
    assert value(model, "d", {"age": 5, "limit": 6}) == "under"


def test_a_value_outside_the_allowed_inputs_matches_and_warns() -> None:
    body = table(["age"], [["-", "1"]], allowed={"age": "[0..150]"})
    outcome = dmn.evaluate(read(AGE + decision("d", body, needs=["in:age"])), "d", {"age": 200})
    assert [warning.code for warning in outcome.warnings] == ["input_not_allowed"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"outputs": ("a", "a")}, "output_names"),
        ({"outputs": ("", "")}, "output_names"),
        ({"outputs": ("a", "b"), "policy": "COLLECT", "aggregation": "SUM"}, "aggregation_outputs"),
        ({"outputs": ("a", "b"), "policy": "UNIQUE", "aggregation": "COUNT"}, "aggregation_ignored"),
        ({"outputs": ("a", "b"), "policy": "PRIORITY"}, "order_unknown"),
    ],
)
def test_a_table_that_contradicts_itself_is_a_problem(more: dict[str, Any], code: str) -> None:
    body = table(["age"], [["-", "1", "2"]], **more)
    model = dmn.read(document(AGE + decision("d", body, needs=["in:age"])))
    assert [problem.code for problem in model.problems] == [code]


# boxed expressions


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (
            "<context><contextEntry><variable name='a b'/>" + literal("1") + "</contextEntry>"
            "<contextEntry><variable name='c'/>" + literal("a b + 1") + "</contextEntry></context>",
            {"a b": 1, "c": 2},
        ),
        (
            "<context><contextEntry><variable name='a'/>" + literal("1") + "</contextEntry>"
            "<contextEntry>" + literal("a + 10") + "</contextEntry></context>",
            11,
        ),
        ("<list>" + literal("1") + literal('"a"') + "</list>", [1, "a"]),
        (
            "<relation><column name='a'/><column name='b'/><row>" + literal("1") + literal("2") + "</row><row>"
            + literal("3") + literal("4") + "</row></relation>",
            [{"a": 1, "b": 2}, {"a": 3, "b": 4}],
        ),
        (
            "<conditional><if>" + literal("1 > 2") + "</if><then>" + literal("1") + "</then><else>" + literal("2")
            + "</else></conditional>",
            2,
        ),
        (
            "<conditional><if>" + literal('"x"') + "</if><then>" + literal("1") + "</then><else>" + literal("2")
            + "</else></conditional>",
            None,  # no boolean
        ),
        ("<filter><in>" + literal("[1, 2, 3]") + "</in><match>" + literal("item > 1") + "</match></filter>", [2, 3]),
        (
            "<filter><in>" + literal("[{a: 1}, {a: 2}]") + "</in><match>" + literal("a = 2") + "</match></filter>",
            [{"a": 2}],
        ),
        (
            "<for iteratorVariable='i'><in>" + literal("[1, 2]") + "</in><return>" + literal("i * i")
            + "</return></for>",
            [1, 4],
        ),
        (
            "<for iteratorVariable='i'><in>" + literal("[1..3]") + "</in><return>" + literal("sum(partial) + i")
            + "</return></for>",
            [None, None, None],  # the sum of no items is null, and null stays null
        ),
        (
            "<some iteratorVariable='i'><in>" + literal("[1, 2]") + "</in><satisfies>" + literal("i = 2")
            + "</satisfies></some>",
            True,
        ),
        (
            "<every iteratorVariable='i'><in>" + literal("[1, 2]") + "</in><satisfies>" + literal("i = 2")
            + "</satisfies></every>",
            False,
        ),
    ],
)  # fmt: skip
def test_boxed_expressions(boxed: str, expected: Any) -> None:
    assert value(decision("d", boxed), "d") == expected


def test_a_boxed_function_is_called_by_a_boxed_invocation() -> None:
    function = (
        "<functionDefinition><formalParameter name='x'/><formalParameter name='y'/>" + literal("x - y")
        + "</functionDefinition>"
    )  # fmt: skip
    invocation = (
        "<invocation>" + literal("minus")
        + "<binding><parameter name='y'/>" + literal("1") + "</binding>"
        + "<binding><parameter name='x'/>" + literal("10") + "</binding></invocation>"
    )  # fmt: skip
    boxed = (
        f"<context><contextEntry><variable name='minus'/>{function}</contextEntry>"
        f"<contextEntry>{invocation}</contextEntry></context>"
    )
    assert value(decision("d", boxed), "d") == 9


# knowledge models and services


def test_a_knowledge_model_is_a_function() -> None:
    model = knowledge("twice", literal("2 * x"), parameters={"x": "number"})
    model += decision("d", literal("twice(4) + twice(x: 5)"), knows=["twice"])
    assert value(model, "d") == 18


def test_knowledge_models_know_others_and_themselves() -> None:
    model = knowledge("twice", literal("2 * x"), parameters={"x": "number"})
    model += knowledge(
        "power", literal("if n = 0 then 1 else twice(power(n - 1))"), parameters={"n": ""}, knows=["twice"]
    )
    model += decision("d", literal("power(8)"), knows=["power"])
    assert value(model, "d") == 256


def test_recursion_without_end_is_stopped() -> None:
    model = knowledge("forever", literal("forever(n + 1)"), parameters={"n": ""})
    model += decision("d", literal("forever(0)"), knows=["forever"])
    with pytest.raises(errors.Invalid) as stopped:
        dmn.evaluate(read(model), "d", {})
    assert stopped.value.code == "expression_budget"


def test_arguments_obey_the_types_of_parameters() -> None:
    model = knowledge("twice", literal("2 * x"), parameters={"x": "number"})
    model += decision("d", literal('twice("a")'), knows=["twice"])
    assert value(model, "d") is None


def test_java_functions_are_refused_by_name() -> None:
    java = "<context><contextEntry><variable name='class'/>" + literal('"java.lang.Math"') + "</contextEntry></context>"
    model = knowledge("max", java, kind="Java") + decision("d", literal("max()"), knows=["max"])
    outcome = dmn.evaluate(read(model), "d", {})
    assert outcome.value is None
    assert "external_function" in [warning.code for warning in outcome.warnings]


SERVICE = (
    input_data("x", "number")
    + decision("inner", literal("x + 1"), needs=["in:x"])
    + decision("given", literal("100"))
    + decision("outer", literal("inner + given"), needs=["inner", "given"])
    + '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#id_outer"/>'
    '<encapsulatedDecision href="#id_inner"/><inputDecision href="#id_given"/><inputData href="#id_x"/>'
    "</decisionService>"
)


def test_a_service_takes_its_input_decisions_from_the_caller() -> None:
    assert dmn.evaluate(read(SERVICE), "s", {"x": 1, "given": 5}).value == 7


def test_a_service_is_called_as_a_function_and_leaves_the_caller_alone() -> None:
    call = decision("d", literal("[s(1000, 1), given]"), needs=["given"], knows=["#s"])
    assert value(SERVICE + call, "d", {"x": 7}) == [1002, 100]


def test_a_service_with_several_outputs_gives_a_context() -> None:
    model = decision("a", literal("1")) + decision("b", literal("2"))
    model += '<decisionService id="s" name="s"><outputDecision href="#id_a"/><outputDecision href="#id_b"/>'
    model += "</decisionService>"
    assert value(model, "s") == {"a": 1, "b": 2}


# imports


def test_types_decisions_and_functions_are_imported_under_a_name() -> None:
    library = document(
        '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>'
        + AGE
        + decision("doubled", literal("age * 2"), needs=["in:age"])
        + knowledge("half", literal("n / 2"), parameters={"n": "tAge"}),
        namespace="urn:lib",
    )
    main = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    main += decision(
        "d",
        literal("lib.doubled + lib.half(10)"),
        needs=["urn:lib#id_doubled"],
        knows=["urn:lib#id_half"],
        type_ref="lib.tAge",
    )
    model = dmn.read(document(main), file="m.dmn", imports={"lib.dmn": library})
    assert model.problems == ()
    assert dmn.evaluate(model, "d", {"age": 3}).value == 11


def test_an_import_that_nobody_gave_is_a_problem() -> None:
    main = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    assert [problem.code for problem in dmn.read(document(main)).problems] == ["import_missing"]


def test_a_broken_file_beside_harms_only_who_imports_it() -> None:
    assert dmn.read(document(decision("d", literal("1"))), imports={"bad.dmn": b"<"}).problems == ()
    main = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    (problem,) = dmn.read(document(main), imports={"bad.dmn": b"<"}).problems
    assert problem.code == "import_missing"
    assert "bad.dmn" in problem.text["en"]


def test_too_many_files_for_imports_are_refused() -> None:
    with pytest.raises(errors.TooLarge):
        dmn.read(document(""), imports={f"{i}.dmn": b"" for i in range(1001)})


def test_inputs_of_an_imported_model_may_stand_behind_its_name_or_namespace() -> None:
    library = document(AGE + decision("doubled", literal("age * 2"), needs=["in:age"]), namespace="urn:lib")
    main = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    main += decision("d", literal("lib.doubled"), needs=["urn:lib#id_doubled"])
    model = dmn.read(document(main), imports={"lib.dmn": library})
    for inputs in ({"age": 2}, {"lib": {"age": 2}}, {"urn:lib#age": 2}):
        assert dmn.evaluate(model, "d", inputs).value == 4
    assert dmn.evaluate(model, "urn:lib#doubled", {"age": 2}).value == 4


def test_an_import_of_another_kind_is_refused_by_name() -> None:
    main = '<import name="p" namespace="urn:p" importType="http://www.dmg.org/PMML-4_2"/>'
    (problem,) = dmn.read(document(main)).problems
    assert problem.code == "import_kind"
    assert "PMML" in problem.text["en"]


def test_files_that_import_each_other_in_a_circle_are_refused() -> None:
    def importing(other: str) -> str:
        return (
            f'<import name="o" namespace="urn:{other}" importType="{"https://www.omg.org/spec/DMN/20230324/MODEL/"}"/>'
        )

    other = document(importing("a"), namespace="urn:b")
    model = dmn.read(document(importing("b"), namespace="urn:a"), imports={"b.dmn": other})
    assert "import_circle" in [problem.code for problem in model.problems]


# types


TYPES = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>'
    '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="grade"><typeRef>tGrade</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tShort" isCollection="true"><typeRef>number</typeRef>'
    "<typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>"
)


@pytest.mark.parametrize(
    ("type_ref", "given", "expected"),
    [
        ("number", 1, 1),
        ("number", Decimal("1.5"), Decimal("1.5")),
        ("number", "1", None),
        ("string", "x", "x"),
        ("boolean", True, True),
        ("number", True, None),
        ("number", [1], 1),  # a list of one is its item
        ("number", [1, 2], None),
        ("tGrade", "A", "A"),
        ("tGrade", "C", None),
        ("tGrades", ["A", "B"], ["A", "B"]),
        ("tGrades", "A", ["A"]),  # an item is a list of one
        ("tGrades", ["A", "C"], None),
        ("tPerson", {"name": "x", "grade": "A"}, {"name": "x", "grade": "A"}),
        ("tPerson", {"name": "x", "grade": "C"}, None),
        ("tPerson", {"name": "x"}, {"name": "x", "grade": None}),  # absent and null are the same in JSON
        ("tPerson", {"name": 1, "grade": "A"}, None),
        ("tShort", [1, 2], [1, 2]),
        ("tShort", [1, 2, 3], None),
        ("Any", "x", "x"),
        ("", "x", "x"),
        ("string", None, None),
    ],
)
def test_inputs_obey_their_types(type_ref: str, given: Any, expected: Any) -> None:
    model = TYPES + input_data("x", type_ref) + decision("d", literal("x"), needs=["in:x"])
    assert value(model, "d", {"x": given}) == expected


def test_results_obey_the_type_of_their_decision() -> None:
    assert value(decision("d", literal('"a"'), type_ref="number"), "d") is None
    assert value(decision("d", literal('["a"]'), type_ref="string"), "d") == "a"


def test_a_value_of_the_wrong_type_is_told() -> None:
    outcome = dmn.evaluate(read(AGE + decision("d", literal("age"), needs=["in:age"])), "d", {"age": "old"})
    assert [warning.code for warning in outcome.warnings] == ["type_mismatch"]
    assert "age" in outcome.warnings[0].text["en"]


def test_an_unknown_type_is_a_problem() -> None:
    model = dmn.read(document(input_data("x", "tGone")))
    assert [(problem.code, problem.element) for problem in model.problems] == [("type_unknown", "id_x")]


# what modellers of Camunda and Flowable write


def test_camunda_7_tables_speak_juel_where_they_name_no_language() -> None:
    body = table(["customer.age == 5 || flag", "tags[0]"], [["true", '"a"', "customer.age + 1"]])
    model = dmn.read(
        document(
            input_data("customer") + input_data("flag") + input_data("tags")
            + decision("d", body, needs=["in:customer", "in:flag", "in:tags"]),
            attributes='xmlns:camunda="http://camunda.org/schema/1.0/dmn"',
        )
    )  # fmt: skip
    assert model.problems == ()
    inputs = {"customer": {"age": 5}, "flag": False, "tags": ["a", "b"]}
    assert dmn.evaluate(model, "d", inputs).value == 6


def test_camunda_7_texts_that_are_feel_are_understood_too() -> None:
    body = table(["age"], [["> 1", 'date("2020-01-01") + duration("P1D")']])
    model = dmn.read(
        document(AGE + decision("d", body, needs=["in:age"]), attributes='xmlns:c="http://camunda.org/schema/1.0/dmn"')
    )
    assert model.problems == ()
    assert str(dmn.evaluate(model, "d", {"age": 2}).value) == "2020-01-02"


@pytest.mark.parametrize("day", ["date and time", "date"])
def test_a_date_of_camunda_7_may_have_a_time(day: str) -> None:
    cell = f'> {day}("2020-01-01' + ('T00:00:00")' if "time" in day else '")')
    body = table(["day"], [[cell, '"later"']]).replace("<inputExpression>", '<inputExpression typeRef="date">')
    model = dmn.read(document(decision("d", body), attributes='xmlns:c="http://camunda.org/schema/1.0/dmn"'))
    moment = datetime(2020, 1, 2, 8, 0)
    assert dmn.evaluate(model, "d", {"day": moment if "time" in day else moment.date()}).value == "later"


def test_a_file_without_input_data_takes_every_variable() -> None:
    body = table(["age"], [["> 18", '"adult"']])
    model = dmn.read(document(decision("d", body)))
    assert dmn.evaluate(model, "d", {"age": 20}).value == "adult"


def test_flowable_texts_in_single_quotes_are_texts() -> None:
    body = table(["age"], [["> 18", "'it is'"]])
    assert value(AGE + decision("d", body, needs=["in:age"]), "d", {"age": 20}) == "it is"


def test_an_input_variable_of_camunda_can_be_read_in_the_cells() -> None:
    body = table(["a + 1"], [["cellInput > 5", '"big"'], ["cellInput <= 5", '"small"']])
    named = body.replace("<input>", '<input xmlns:camunda="urn:c" camunda:inputVariable="cellInput">')
    assert value(input_data("a") + decision("d", named, needs=["in:a"]), "d", {"a": 9}) == "big"
