"""Forms, parameters and data that are written inside a BPMN file, by tables: the words, and what they become."""

import pytest

from engine.model.expression import Expression, Mapping
from tests.unit.bpmn.drawn import codes, ext, node, program, reading


def form(field: str) -> dict:
    """The form of a task with one Camunda field, without what every form says."""
    made = program(f'<userTask id="a">{ext(f"<camunda:formData>{field}</camunda:formData>")}</userTask>')
    assert made.nodes[0].form == "a"
    return made.forms["a"]


def field(attributes: str, inside: str = "") -> str:
    return f'<camunda:formField id="x" {attributes}>{inside}</camunda:formField>'


def rule(name: str, config: str | None = None) -> str:
    said = "" if config is None else f'config="{config}"'
    return f'<camunda:validation><camunda:constraint name="{name}" {said}/></camunda:validation>'


FIELDS = [
    (field('type="string"'), {"type": "string", "title": "x"}),
    (field('type="long"'), {"type": "integer", "title": "x"}),
    (field('type="integer"'), {"type": "integer", "title": "x"}),
    (field('type="double"'), {"type": "number", "title": "x"}),
    (field('type="boolean"'), {"type": "boolean", "title": "x"}),
    (field('type="date"'), {"type": "string", "format": "date", "title": "x"}),
    (field('type="enum"'), {"type": "string", "title": "x"}),
    (field('type="com.acme.Money"'), {"type": "string", "title": "x"}),
    (field(""), {"type": "string", "title": "x"}),
    (field('label="客户"'), {"type": "string", "title": "客户"}),
    (field('name="N"'), {"type": "string", "title": "N"}),
    (field('label="L" name="N"'), {"type": "string", "title": "L"}),
    (field('type="string" defaultValue="a"'), {"type": "string", "title": "x", "default": "a"}),
    (field('type="long" defaultValue="7"'), {"type": "integer", "title": "x", "default": 7}),
    (field('type="long" defaultValue="many"'), {"type": "integer", "title": "x", "default": "many"}),
    (field('type="double" defaultValue="0.5"'), {"type": "number", "title": "x", "default": 0.5}),
    (field('type="boolean" defaultValue="TRUE"'), {"type": "boolean", "title": "x", "default": True}),
    (field('type="boolean" defaultValue="no"'), {"type": "boolean", "title": "x", "default": False}),
    (field('type="string" defaultValue="${x}"'), {"type": "string", "title": "x"}),
    (field('writable="false"'), {"type": "string", "title": "x", "readOnly": True}),
    (field("", rule("readonly")), {"type": "string", "title": "x", "readOnly": True}),
    (field("", rule("readonly", "false")), {"type": "string", "title": "x"}),
    (field('type="long"', rule("min", "1")), {"type": "integer", "title": "x", "minimum": 1}),
    (field('type="double"', rule("max", "2.5")), {"type": "number", "title": "x", "maximum": 2.5}),
    (field("", rule("minlength", "2")), {"type": "string", "title": "x", "minLength": 2}),
    (field("", rule("maxlength", "9")), {"type": "string", "title": "x", "maxLength": 9}),
    (field("", rule("max", "many")), {"type": "string", "title": "x"}),
    (field("", rule("validator", "com.acme.Check")), {"type": "string", "title": "x"}),
    (
        field('type="enum"', '<camunda:value id="a" name="A"/><camunda:value id="b"/>'),
        {"type": "string", "title": "x", "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "b"}]},
    ),
]


@pytest.mark.parametrize(("drawn", "schema"), FIELDS)
def test_a_field_of_camundas_is_a_property_of_a_schema(drawn, schema):
    assert form(drawn)["properties"] == {"x": schema}


REQUIRED = [
    ("", None, False),
    ('required="true"', None, True),
    ('required="false"', None, False),
    ("", rule("required"), True),
    ("", rule("required", "true"), True),
    ("", rule("required", "false"), False),
]


@pytest.mark.parametrize(("attributes", "inside", "needed"), REQUIRED)
def test_a_field_must_be_filled_when_it_says_so_in_either_way(attributes, inside, needed):
    assert form(field(attributes, inside or "")).get("required", []) == (["x"] if needed else [])


def test_a_form_is_titled_by_its_task_and_a_variable_names_its_field():
    made = program(
        '<userTask id="a" name="Ask">'
        + ext('<camunda:formData><camunda:formField id="x" variable="y"/></camunda:formData>')
        + "</userTask>"
    )
    assert made.forms["a"]["title"] == "Ask" and list(made.forms["a"]["properties"]) == ["y"]


KEYS = [
    ('camunda:formKey="k"', "", "k", []),
    ('camunda:formRef="r"', "", "r", []),
    ('camunda:formKey=" k "', "", "k", []),
    ("", "<camunda:formData/>", "", []),
    ('camunda:formKey="k"', f"<camunda:formData>{field('')}</camunda:formData>", "k", ["k"]),
    ("", '<flowable:formProperty id="x"/>', "a", ["a"]),
    ("", '<activiti:formProperty id="x"/>', "a", ["a"]),
]


@pytest.mark.parametrize("kind", ["userTask", "startEvent"])
@pytest.mark.parametrize(("attributes", "inside", "key", "forms"), KEYS)
def test_a_form_is_named_or_it_is_the_elements_own(kind, attributes, inside, key, forms):
    made = program(f'<{kind} id="a" {attributes}>{ext(inside)}</{kind}>')
    assert (made.nodes[0].form, list(made.forms)) == (key, forms)


SHOWN = [
    ("", True, False),
    ('writable="false"', True, True),
    ('readable="false"', True, False),
    ('writable="false" readable="false"', False, False),
]


@pytest.mark.parametrize(("attributes", "there", "fixed"), SHOWN)
def test_a_field_that_nobody_may_see_or_fill_is_not_in_the_form(attributes, there, fixed):
    inside = f'<flowable:formProperty id="x" {attributes}/><flowable:formProperty id="y"/>'
    properties = program(f'<userTask id="a">{ext(inside)}</userTask>').forms["a"]["properties"]
    assert ("x" in properties, properties.get("x", {}).get("readOnly", False)) == (there, fixed)


def parameter(inside: str) -> str:
    held = (
        f'<camunda:inputOutput><camunda:inputParameter name="x">{inside}</camunda:inputParameter></camunda:inputOutput>'
    )
    return f'<serviceTask id="a" camunda:type="external" camunda:topic="t">{ext(held)}</serviceTask>'


def items(*entries: str) -> str:
    return f"<camunda:list>{''.join(f'<camunda:value>{entry}</camunda:value>' for entry in entries)}</camunda:list>"


PARAMETERS = [
    ("5", "literal", "5"),
    ("  five  ", "literal", "five"),
    ("", "literal", ""),
    ("${a.b}", "juel", "${a.b}"),
    ("a ${b} c", "juel", "a ${b} c"),
    ('<camunda:script scriptFormat="groovy"> x + 1 </camunda:script>', "groovy", "x + 1"),
    ('<camunda:script scriptFormat="JavaScript">x</camunda:script>', "javascript", "x"),
    ("<camunda:script>x</camunda:script>", "groovy", "x"),
    ("<camunda:list/>", "feel", "[]"),
    (items("a", "${b}", "${ c.d }"), "feel", '["a", b, c.d]'),
    (items('say "hi"', "中"), "feel", '["say \\"hi\\"", "中"]'),
    ("<camunda:map/>", "feel", "{}"),
    ('<camunda:map><camunda:entry key="k">v</camunda:entry></camunda:map>', "feel", '{"k": "v"}'),
    (
        f'<camunda:map><camunda:entry key="l">{items("1")}</camunda:entry></camunda:map>',
        "feel",
        '{"l": ["1"]}',
    ),
]


@pytest.mark.parametrize(("inside", "language", "text"), PARAMETERS)
def test_a_parameter_is_a_text_an_expression_a_script_or_a_structure(inside, language, text):
    (found,) = node(parameter(inside)).inputs
    assert (found.target, found.source.language, found.source.text) == ("x", language, text)


DOUBTFUL = [
    ('<camunda:script scriptFormat="groovy" resource="deployment://x.groovy"/>', "script_elsewhere", ""),
    (items("${a + 1}"), "expression_in_list", '["${a + 1}"]'),
    (items("<camunda:script>1</camunda:script>"), "script_in_list", "[null]"),
]


@pytest.mark.parametrize(("inside", "code", "text"), DOUBTFUL)
def test_what_a_parameter_cannot_carry_is_told(inside, code, text):
    found = reading(parameter(inside))
    assert code in codes(found) and found.programs[0].nodes[0].inputs[0].source.text == text


# data: associations of a task `a`, and the mappings that they become
ITEMS = (
    '<dataObject id="o" name="Order"/><dataObjectReference id="ref" dataObjectRef="o"/><property id="p1" name="total"/>'
)


def task(inside: str) -> str:
    spec = '<ioSpecification><dataInput id="in" name="given"/><dataOutput id="out" name="made"/></ioSpecification>'
    return f'<task id="a">{spec}{inside}</task>{ITEMS}'


def association(kind: str, inside: str) -> str:
    return f"<data{kind}Association>{inside}</data{kind}Association>"


def assignment(source: str, target: str, attributes: str = "") -> str:
    return f"<assignment><from {attributes}>{source}</from><to>{target}</to></assignment>"


def to(source: str, target: str) -> str:
    return f"<sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>"


ASSOCIATIONS = [
    (association("Input", to("ref", "in")), [("given", "feel", "o")], []),
    (association("Input", to("p1", "in")), [("given", "feel", "total")], []),
    (association("Input", to("ghost", "in")), [], []),
    (association("Input", to("ref", "ghost")), [], []),
    (association("Output", to("out", "ref")), [], [("o", "feel", "made")]),
    (association("Output", to("out", "p1")), [], [("total", "feel", "made")]),
    (association("Input", to("ref", "p1")), [], []),
    (
        association("Input", to("ref", "in") + "<transformation>o.net</transformation>"),
        [("given", "feel", "o.net")],
        [],
    ),
    (association("Input", to("ref", "in") + "<transformation/>"), [], []),
    (association("Input", to("ref", "in") + assignment("5", "in")), [("given", "literal", "5")], []),
    (association("Input", to("ref", "in") + assignment("${x}", "in")), [("given", "juel", "${x}")], []),
    (
        association("Input", to("ref", "in") + assignment("x + 1", "in", 'language="feel"')),
        [("given", "feel", "x + 1")],
        [],
    ),
    (association("Input", to("ref", "in") + assignment("p1", "in")), [("given", "feel", "total")], []),
    (association("Input", assignment("5", "other")), [("other", "literal", "5")], []),
    (association("Input", assignment("5", "")), [], []),
    (
        association("Input", "<targetRef>in</targetRef>" + assignment("1", "in") + assignment("2", "b")),
        [("given", "literal", "1"), ("given", "literal", "2")],
        [],
    ),
]


@pytest.mark.parametrize(("inside", "inputs", "outputs"), ASSOCIATIONS)
def test_a_data_association_is_a_mapping_where_the_names_differ(inside, inputs, outputs):
    found = node(task(inside))
    assert [(one.target, one.source.language, one.source.text) for one in found.inputs] == inputs
    assert [(one.target, one.source.language, one.source.text) for one in found.outputs] == outputs


def many(inside: str, beside: str = "") -> str:
    loop = f"<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>"
    return f'<task id="a">{beside}{loop}</task>{ITEMS}'


SPEC = '<ioSpecification><dataInput id="in"/><dataOutput id="out"/></ioSpecification>'
LOOPED = [
    (many("<loopDataInputRef>l</loopDataInputRef>"), {"collection": Expression(text="l")}),
    (many("<loopDataInputRef>ref</loopDataInputRef>"), {"collection": Expression(text="o")}),
    (many("<loopDataInputRef>p1</loopDataInputRef>"), {"collection": Expression(text="total")}),
    (many("<loopDataInputRef>two words</loopDataInputRef>"), {"collection": Expression(text="`two words`")}),
    (many("<loopDataInputRef>${l}</loopDataInputRef>"), {"collection": Expression(text="${l}", language="juel")}),
    (
        many("<loopDataInputRef>in</loopDataInputRef>", SPEC + association("Input", to("ref", "in"))),
        {"collection": Expression(text="o")},
    ),
    (many("<loopDataInputRef>in</loopDataInputRef>", SPEC), {"collection": Expression(text="`in`")}),
    (
        many("<loopDataOutputRef>out</loopDataOutputRef>", SPEC + association("Output", to("out", "p1"))),
        {"output_collection": "total"},
    ),
    (many("<loopDataOutputRef>ref</loopDataOutputRef>"), {"output_collection": "o"}),
    (many('<inputDataItem id="i"/>'), {"element": "i"}),
    (many('<inputDataItem id="i" name="one"/>'), {"element": "one"}),
    (many('<outputDataItem id="r" name="done"/>'), {"output": Expression(text="done")}),
    (many('<outputDataItem id="r" name="a b"/>'), {"output": Expression(text="`a b`")}),
    (many("<loopCardinality>=n</loopCardinality>"), {"cardinality": Expression(text="=n", language="camunda8")}),
    (many("<loopCardinality> </loopCardinality>"), {"cardinality": Expression(text="1", language="literal")}),
    (many(""), {"cardinality": Expression(text="1", language="literal"), "collection": None}),
    (many("<completionCondition>done</completionCondition>"), {"completion": Expression(text="done")}),
]


@pytest.mark.parametrize(("drawn", "said"), LOOPED)
def test_many_instances_read_their_list_by_the_variable_behind_it(drawn, said):
    loop = node(drawn).loop
    found = {name: getattr(loop, name) for name in said}
    plain = {
        name: Expression(text=value.text, language=value.language) if isinstance(value, Expression) else value
        for name, value in found.items()
    }
    assert plain == said


LOOPS = [
    ("", "", (None, False, 0)),
    ('testBefore="true"', "", (None, True, 0)),
    ('testBefore="1"', "", (None, True, 0)),
    ('loopMaximum="5"', "", (None, False, 5)),
    ('loopMaximum="-1"', "", (None, False, 0)),
    ('loopMaximum="many"', "", (None, False, 0)),
    ("", "<loopCondition>n &lt; 3</loopCondition>", ("n < 3", False, 0)),
    ("", "<loopCondition/>", (None, False, 0)),
]


@pytest.mark.parametrize(("attributes", "inside", "said"), LOOPS)
def test_a_standard_loop(attributes, inside, said):
    drawn = f'<task id="a"><standardLoopCharacteristics {attributes}>{inside}</standardLoopCharacteristics></task>'
    loop = node(drawn).standard_loop
    assert (loop.condition and loop.condition.text, loop.test_before, loop.maximum) == said


def test_a_mapping_keeps_the_line_that_it_stands_on():
    drawn = "\n\n" + task(association("Input", to("ref", "in")))
    assert node(drawn).inputs == (Mapping(target="given", source=Expression(text="o", line=6)),)
