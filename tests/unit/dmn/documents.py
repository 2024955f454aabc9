"""Small DMN documents for tests: written as XML, because that is what authors send."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine import dmn

DMN15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def document(body: str, *, name: str = "m", namespace: str = "urn:m", attributes: str = "") -> bytes:
    head = f'<definitions xmlns="{DMN15}" name="{name}" namespace="{namespace}" {attributes}>'
    return f"{head}{body}</definitions>".encode()


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def literal(text: str, type_ref: str = "") -> str:
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f"<literalExpression{typed}><text>{escape(text)}</text></literalExpression>"


def input_data(name: str, type_ref: str = "") -> str:
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<inputData id="{identifier(name)}" name="{escape(name)}"><variable name="{escape(name)}"{typed}/></inputData>'
    )


def decision(name: str, body: str, *, needs: Sequence[str] = (), knows: Sequence[str] = (), type_ref: str = "") -> str:
    """``needs`` names input data as ``in:name`` and decisions by their name."""
    requirements = "".join(_requirement(need) for need in needs)
    knowledge = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{href(name)}"/></knowledgeRequirement>' for name in knows
    )
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    head = f'<decision id="{identifier(name)}" name="{escape(name)}"><variable name="{escape(name)}"{typed}/>'
    return f"{head}{requirements}{knowledge}{body}</decision>"


def _requirement(need: str) -> str:
    tag = "requiredInput" if need.startswith("in:") else "requiredDecision"
    return f'<informationRequirement><{tag} href="{href(need.removeprefix("in:"))}"/></informationRequirement>'


def href(name: str) -> str:
    return name if "#" in name else f"#{identifier(name)}"


def identifier(name: str) -> str:
    return "id_" + "".join(letter if letter.isalnum() else "_" for letter in name)


def knowledge(
    name: str, body: str, *, parameters: Mapping[str, str] | None = None, knows: Sequence[str] = (), kind: str = "FEEL"
) -> str:
    formal = "".join(
        f'<formalParameter name="{escape(parameter)}"' + (f' typeRef="{type_ref}"' if type_ref else "") + "/>"
        for parameter, type_ref in (parameters or {}).items()
    )
    needs = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{href(known)}"/></knowledgeRequirement>' for known in knows
    )
    return (
        f'<businessKnowledgeModel id="{identifier(name)}" name="{name}"><variable name="{name}"/>'
        f'<encapsulatedLogic kind="{kind}">{formal}{body}</encapsulatedLogic>{needs}</businessKnowledgeModel>'
    )


def table(
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: Sequence[str] = ("out",),
    allowed: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> str:
    """Each rule is its input cells, then its output cells."""
    head = f'<decisionTable hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "") + ">"
    columns = "".join(_input(name, allowed or {}) for name in inputs)
    results = "".join(_output(name, allowed or {}, defaults or {}) for name in outputs)
    rows = "".join(_rule(rule, len(inputs)) for rule in rules)
    return f"{head}{columns}{results}{rows}</decisionTable>"


def _input(expression: str, allowed: Mapping[str, str]) -> str:
    values = f"<inputValues>{_text(allowed[expression])}</inputValues>" if expression in allowed else ""
    return f"<input><inputExpression>{_text(expression)}</inputExpression>{values}</input>"


def _output(name: str, allowed: Mapping[str, str], defaults: Mapping[str, str]) -> str:
    values = f"<outputValues>{_text(allowed[name])}</outputValues>" if name in allowed else ""
    default = f"<defaultOutputEntry>{_text(defaults[name])}</defaultOutputEntry>" if name in defaults else ""
    return f'<output name="{name}">{values}{default}</output>'


def _rule(cells: Sequence[str], inputs: int) -> str:
    entries = "".join(f"<inputEntry>{_text(cell)}</inputEntry>" for cell in cells[:inputs])
    results = "".join(f"<outputEntry>{_text(cell)}</outputEntry>" for cell in cells[inputs:])
    return f"<rule>{entries}{results}</rule>"


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"


def read(body: str, **more: Any) -> dmn.DecisionModel:
    """The model, which must be without errors."""
    model = dmn.read(document(body), file="m.dmn", **more)
    assert [problem for problem in model.problems if problem.severity == "error"] == []
    return model


def value(body: str, name: str, inputs: Mapping[str, Any] | None = None) -> Any:
    return dmn.evaluate(read(body), name, inputs or {}).value
