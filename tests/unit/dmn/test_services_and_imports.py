"""Decision services, knowledge models as functions, and models that import others (DMN 1.5, 6.3.9, 10.4 and 6.3.5)."""

from typing import Any

import pytest

from engine import dmn, errors, feel
from tests.unit.dmn.documents import decision, document, input_data, knowledge, literal, read, value

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def service(name: str, *, out: str, inside: str = "", given: str = "", data: str = "", type_ref: str = "") -> str:
    """Each part names decisions or input data, with blanks between them."""
    parts = (("outputDecision", out), ("encapsulatedDecision", inside), ("inputDecision", given), ("inputData", data))
    references = "".join(f'<{tag} href="#id_{part}"/>' for tag, names in parts for part in names.split())
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decisionService id="{name}" name="{name}"><variable name="{name}"{typed}/>{references}</decisionService>'


MODEL = (
    input_data("x", "number")
    + input_data("y", "number")
    + decision("a", literal("x + 1"), needs=["in:x"])
    + decision("b", literal("a * y"), needs=["a", "in:y"])
    + decision("c", literal('"c" + string(b)'), needs=["b"])
)
SERVICES = (
    service("whole", out="b", inside="a", data="x y")
    + service("upper", out="b", given="a", data="y")
    + service("both", out="a b", data="x y")
    + service("words", out="c", inside="a b", data="x y")
    + service("number", out="c", inside="a b", data="x y", type_ref="number")
    + service("bare", out="five")
    + decision("five", literal("5"))
)
CALLS = [
    # call, value: parameters are input decisions first, then input data, in the order drawn
    ("whole(2, 10)", "30"),  # (2 + 1) * 10
    ("whole(x: 2, y: 10)", "30"),
    ("whole(y: 10, x: 2)", "30"),
    ("upper(7, 10)", "70"),  # a is given, not computed
    ("upper(a: 7, y: 10)", "70"),
    ("both(2, 10)", "{a: 3, b: 30}"),
    ("both(2, 10).a", "3"),
    ("words(2, 10)", '"c30"'),
    ("bare()", "5"),
    ("whole(whole(1, 1), 10)", "30"),  # (2 + 1) * 10
    ("for i in [1, 2] return whole(i, 1)", "[2, 3]"),
    ("whole([2], 10)", "30"),  # a list of one is its element
    # what does not fit
    ("whole(2)", "null"),
    ("whole()", "null"),
    ("whole(2, 10, 1)", "null"),
    ("whole(x: 2)", "null"),
    ("whole(x: 2, z: 10)", "null"),
    ('whole("2", 10)', "null"),
    ("whole(null, 10)", "null"),  # null + 1 has no value
    ("number(2, 10)", "null"),  # the result is no number
    ("upper(null, 10)", "null"),
    ("bare(1)", "null"),
]


@pytest.mark.parametrize(("call", "expected"), CALLS)
def test_a_service_is_a_function(call: str, expected: str) -> None:
    knows = [f"#{name}" for name in ("whole", "upper", "both", "words", "number", "bare")]
    found = value(MODEL + SERVICES + decision("d", literal(call), knows=knows), "d")
    assert feel.to_text([found]) == f"[{expected}]"


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("whole", {"x": 2, "y": 10}, "30"),
        ("upper", {"a": 7, "y": 10}, "70"),
        ("both", {"x": 2, "y": 10}, "{a: 3, b: 30}"),
        ("words", {"x": 2, "y": 10}, '"c30"'),
        ("number", {"x": 2, "y": 10}, "null"),
        ("bare", {}, "5"),
        ("whole", {"x": 2}, "null"),
        ("whole", {"x": "2", "y": 10}, "null"),
    ],
)
def test_a_service_is_evaluated_by_its_name(name: str, inputs: dict[str, Any], expected: str) -> None:
    found = dmn.evaluate(read(MODEL + SERVICES), name, inputs)
    assert feel.to_text([found.value]) == f"[{expected}]"
    assert bool(found.warnings) is (expected == "null")


def test_a_service_that_is_called_does_not_change_what_its_caller_knows() -> None:
    body = MODEL + SERVICES + decision("d", literal("[a, whole(100, 1), a]"), needs=["a"], knows=["#whole"])
    assert value(body, "d", {"x": 1}) == [2, 101, 2]


KNOWLEDGE = (
    knowledge("add", literal("a + b"), parameters={"a": "number", "b": "number"})
    + knowledge("twice", literal("add(a, a)"), parameters={"a": ""}, knows=["add"])
    + knowledge("apply", literal("f(v)"), parameters={"f": "", "v": ""})
    + knowledge("none", literal("42"))
    + knowledge("factorial", literal("if n < 2 then 1 else n * factorial(n - 1)"), parameters={"n": "number"})
    + knowledge("with tax", literal("net amount * 1.2"), parameters={"net amount": "number"})
)
FUNCTIONS = [
    ("add(1, 2)", "3"),
    ("add(a: 1, b: 2)", "3"),
    ("add(b: 1, a: 2)", "3"),
    ("twice(4)", "8"),
    ("apply(twice, 4)", "8"),
    ("apply(abs, -4)", "4"),
    ("apply(function(x) x + 1, 4)", "5"),
    ("none()", "42"),
    ("factorial(5)", "120"),
    ("with tax(100)", "120.0"),
    ("with tax(net amount: 10)", "12.0"),
    ("[1, 2][twice(item) > 2]", "[2]"),
    ("sort([1, 2], function(p, q) twice(p) > twice(q))", "[2, 1]"),
    ("twice instance of function<Any> -> Any", "true"),
    ("add instance of function<number, number> -> Any", "true"),
    ("add instance of function<Any> -> Any", "false"),
    ("add(1)", "null"),
    ("add(1, 2, 3)", "null"),
    ("add(a: 1, c: 2)", "null"),
    ('add(1, "2")', "null"),
    ("none(1)", "null"),
    ("unknown(1)", "null"),
]


@pytest.mark.parametrize(("call", "expected"), FUNCTIONS)
def test_a_knowledge_model_is_a_function_like_any_other(call: str, expected: str) -> None:
    body = KNOWLEDGE + decision("d", literal(call), knows=["add", "twice", "apply", "none", "factorial", "with tax"])
    outcome = dmn.evaluate(read(body), "d", {})
    assert feel.to_text([outcome.value]) == f"[{expected}]"
    assert bool(outcome.warnings) is (expected == "null")


def test_a_knowledge_model_that_is_not_required_is_not_known() -> None:
    outcome = dmn.evaluate(read(KNOWLEDGE + decision("d", literal("none()"))), "d", {})
    assert outcome.value is None
    assert [warning.code for warning in outcome.warnings] == ["unknown_function"]


# imports

TYPES = (
    '<itemDefinition name="tRate"><typeRef>number</typeRef><allowedValues><text>[0..1]</text></allowedValues>'
    "</itemDefinition>"
)
LIBRARY = document(
    TYPES
    + input_data("base", "number")
    + decision("standard", literal("base * 2"), needs=["in:base"])
    + knowledge("discounted", literal("price * (1 - rate)"), parameters={"price": "number", "rate": "tRate"})
    + service("doubled", out="standard", data="base"),
    name="library",
    namespace="urn:library",
)


def importing(name: str = "lib", namespace: str = "urn:library", kind: str = DMN) -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="{kind}"/>'


def own(body: str) -> dmn.DecisionModel:
    return dmn.read(document(body, namespace="urn:own"), file="own.dmn", imports={"library.dmn": LIBRARY})


USES = [
    # expression, requirements, functions, inputs, value
    ("lib.standard + 1", ["urn:library#id_standard"], [], {"base": 5}, "11"),
    ("lib.base", ["in:urn:library#id_base"], [], {"base": 5}, "5"),
    ("lib.discounted(100, 0.25)", [], ["urn:library#id_discounted"], {}, "75.00"),
    ("lib.discounted(price: 100, rate: 0.5)", [], ["urn:library#id_discounted"], {}, "50.0"),
    ("lib.discounted(100, 2)", [], ["urn:library#id_discounted"], {}, "null"),  # no rate
    ("lib.doubled(4)", [], ["urn:library#doubled"], {}, "8"),
    ("0.5 instance of lib.tRate", [], [], {}, "true"),
]


@pytest.mark.parametrize(("text", "needs", "knows", "inputs", "expected"), USES)
def test_what_is_imported_stands_behind_the_imports_name(
    text: str, needs: list[str], knows: list[str], inputs: dict[str, Any], expected: str
) -> None:
    model = own(importing() + decision("d", literal(text), needs=needs, knows=knows))
    assert model.problems == ()
    assert feel.to_text([dmn.evaluate(model, "d", inputs).value]) == f"[{expected}]"


@pytest.mark.parametrize(("given", "expected"), [(0.5, "0.5"), (2, "null")])
def test_an_imported_type_limits_as_at_home(given: Any, expected: str) -> None:
    model = own(importing() + input_data("x", "lib.tRate") + decision("d", literal("x"), needs=["in:x"]))
    assert feel.to_text([dmn.evaluate(model, "d", {"x": given}).value]) == f"[{expected}]"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (importing(namespace="urn:gone"), "import_missing"),
        (importing(kind="http://www.dmg.org/PMML-4_2"), "import_kind"),
        (importing(namespace="urn:own"), "import_circle"),
        (importing() + decision("d", literal("1"), needs=["urn:library#id_gone"]), "requirement_unknown"),
        (importing() + input_data("x", "lib.tGone"), "type_unknown"),
        (decision("d", literal("1"), needs=["urn:library#id_standard"]), "requirement_unknown"),  # not imported
    ],
)
def test_what_is_wrong_with_an_import_is_told(body: str, code: str) -> None:
    found = own(body).problems
    assert [problem.code for problem in found] == [code]
    assert found[0].text["zh-CN"] and found[0].file == "own.dmn"


def test_a_model_without_imports_ignores_the_files_beside_it() -> None:
    assert own(decision("d", literal("1"))).problems == ()


@pytest.mark.parametrize("name", ["", "gone", "D", "id_gone"])
def test_an_unknown_decision_is_not_found(name: str) -> None:
    with pytest.raises(errors.NotFound) as missing:
        dmn.evaluate(read(decision("d", literal("1"))), name, {})
    assert missing.value.code == "decision_unknown"


# a whole model: several decisions, types, tables, functions


LENDING = (
    '<itemDefinition name="tApplicant"><itemComponent name="age"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="monthly income"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="monthly costs"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    + input_data("applicant", "tApplicant")
    + input_data("amount", "number")
    + input_data("months", "number")
    + knowledge("rate of", literal('if category = "low" then 0.04 else 0.08'), parameters={"category": "string"})
    + knowledge(
        "installment",
        literal("(total + total * rate) / months"),
        parameters={"total": "number", "rate": "number", "months": "number"},
    )
    + decision("free income", literal("applicant.monthly income - applicant.monthly costs"), needs=["in:applicant"])
)
"""Free income decides the risk, the risk the rate, and both whether an installment can be borne."""
RISK = (
    '<decisionTable hitPolicy="FIRST"><input><inputExpression><text>applicant.age</text></inputExpression></input>'
    "<input><inputExpression><text>free income</text></inputExpression></input><output name='risk'/>"
    "<rule><inputEntry><text>&lt; 18</text></inputEntry><inputEntry><text>-</text></inputEntry>"
    '<outputEntry><text>"none"</text></outputEntry></rule>'
    "<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>&gt;= 1000</text></inputEntry>"
    '<outputEntry><text>"low"</text></outputEntry></rule>'
    "<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>"
    '<outputEntry><text>"high"</text></outputEntry></rule></decisionTable>'
)
OFFER = (
    LENDING
    + decision("risk", RISK, needs=["in:applicant", "free income"])
    + decision(
        "monthly",
        literal("installment(amount, rate of(risk), months)"),
        needs=["in:amount", "in:months", "risk"],
        knows=["installment", "rate of"],
    )
    + decision(
        "offer",
        literal('if risk = "none" then "refused" else if monthly <= free income / 2 then "granted" else "reduced"'),
        needs=["risk", "monthly", "free income"],
    )
)


@pytest.mark.parametrize(
    ("age", "income", "costs", "amount", "expected", "monthly"),
    [
        (17, 5000, 0, 1200, "refused", "108"),  # high rate: 1200 * 1.08 / 12
        (30, 3000, 1000, 1200, "granted", "104"),  # low rate: 1200 * 1.04 / 12, half of 2000 is 1000
        (30, 1500, 1000, 1200, "granted", "108"),  # half of 500 is 250
        (30, 1500, 1000, 12000, "reduced", "1080"),
        (30, 2000, 1000, 6000, "reduced", "520"),  # half of 1000 is 500
        (18, 2000, 1000, 5400, "granted", "468"),
    ],
)
def test_a_whole_model(age: int, income: int, costs: int, amount: int, expected: str, monthly: str) -> None:
    applicant = {"age": age, "monthly income": income, "monthly costs": costs}
    outcome = dmn.evaluate(read(OFFER), "offer", {"applicant": applicant, "amount": amount, "months": 12})
    assert outcome.value == expected
    steps = {step.name: step.value for step in outcome.explanation}
    assert steps["monthly"] == float(monthly)
    assert list(steps)[-1] == "offer"


@pytest.mark.parametrize("missing", ["applicant", "amount", "months"])
def test_an_input_that_is_not_given_is_told_by_name(missing: str) -> None:
    inputs = {"applicant": {"age": 30, "monthly income": 1, "monthly costs": 0}, "amount": 1, "months": 1}
    del inputs[missing]
    outcome = dmn.evaluate(read(OFFER), "offer", inputs)
    assert any(warning.code == "input_missing" and missing in warning.text["en"] for warning in outcome.warnings)
