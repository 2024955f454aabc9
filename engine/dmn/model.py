"""What a decision model is: frozen values, as read from DMN 1.1 to 1.5 or built in code. No behaviour.

Shapes::

    Definitions ── decisions ──> Decision ── body ──> Boxed
                ├─ inputs    ──> InputData
                ├─ knowledge ──> KnowledgeModel ── logic ──> Function ── body ──> Boxed
                ├─ services  ──> DecisionService
                ├─ types     ──> ItemDefinition
                └─ imports   ──> Import

    Boxed = Literal | Table | Context | Invocation | Listing | Relation | Function
          | Conditional | Filter | For | Quantified
"""

from typing import Literal as OneOf

import msgspec

HitPolicy = OneOf["UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
HIT_POLICIES: tuple[HitPolicy, ...] = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
SINGLE_HIT: frozenset[HitPolicy] = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY"})

Aggregation = OneOf["", "SUM", "MIN", "MAX", "COUNT"]
AGGREGATIONS: tuple[Aggregation, ...] = ("SUM", "MIN", "MAX", "COUNT")

FEEL = "feel"
CAMUNDA_DEFAULT = "camunda"
"""Written in a Camunda 7 file without naming its language: JUEL there, though many modellers type FEEL."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    """As written in the file; empty where the file has none."""
    line: int = 0
    """1-based line in the file; 0 for a value built in code."""


class Named(Element, frozen=True, kw_only=True):
    name: str


class Variable(Named, frozen=True, kw_only=True):
    type_ref: str = ""
    """Name of a FEEL type or an item definition; empty: Any."""


class Literal(Element, frozen=True, kw_only=True):
    """A text in an expression language."""

    text: str
    language: str = FEEL
    type_ref: str = ""


class UnaryTests(Element, frozen=True, kw_only=True):
    """Unary tests: ``"key", "premium"``, ``[1..5)``, ``-``. An empty text is ``-``: everything passes."""

    text: str
    language: str = FEEL


class InputClause(Element, frozen=True, kw_only=True):
    expression: Literal
    label: str = ""
    allowed: UnaryTests | None = None
    variable: str = ""
    """Camunda: the name under which the input's value can be read inside its cells."""


class OutputClause(Element, frozen=True, kw_only=True):
    name: str = ""
    label: str = ""
    type_ref: str = ""
    allowed: UnaryTests | None = None
    """Allowed values; their order is the order of PRIORITY and OUTPUT ORDER."""
    default: Literal | None = None


class Rule(Element, frozen=True, kw_only=True):
    inputs: tuple[UnaryTests, ...]
    outputs: tuple[Literal, ...]
    annotations: tuple[str, ...] = ()
    description: str = ""


class Table(Element, frozen=True, kw_only=True):
    inputs: tuple[InputClause, ...] = ()
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...] = ()
    hit_policy: HitPolicy = "UNIQUE"
    aggregation: Aggregation = ""
    annotations: tuple[str, ...] = ()
    """Headings of the rules' annotations."""
    output_label: str = ""
    type_ref: str = ""


class ContextEntry(Element, frozen=True, kw_only=True):
    variable: Variable | None
    """None for the entry that is the whole context's result."""
    value: "Boxed | None"


class Context(Element, frozen=True, kw_only=True):
    entries: tuple[ContextEntry, ...]
    type_ref: str = ""


class Binding(Element, frozen=True, kw_only=True):
    parameter: Variable
    value: "Boxed | None"


class Invocation(Element, frozen=True, kw_only=True):
    callee: "Boxed | None"
    bindings: tuple[Binding, ...] = ()
    type_ref: str = ""


class Listing(Element, frozen=True, kw_only=True):
    items: tuple["Boxed | None", ...]
    type_ref: str = ""


class Relation(Element, frozen=True, kw_only=True):
    columns: tuple[Variable, ...]
    rows: tuple[tuple["Boxed | None", ...], ...]
    type_ref: str = ""


class Function(Element, frozen=True, kw_only=True):
    """A boxed function; ``kind`` is FEEL, Java or PMML. Only FEEL can be run."""

    parameters: tuple[Variable, ...] = ()
    body: "Boxed | None" = None
    kind: str = "FEEL"
    type_ref: str = ""


class Conditional(Element, frozen=True, kw_only=True):
    condition: "Boxed | None"
    then: "Boxed | None"
    otherwise: "Boxed | None"
    type_ref: str = ""


class Filter(Element, frozen=True, kw_only=True):
    source: "Boxed | None"
    match: "Boxed | None"
    type_ref: str = ""


class For(Element, frozen=True, kw_only=True):
    variable: str
    source: "Boxed | None"
    result: "Boxed | None"
    source_type: str = ""
    type_ref: str = ""


class Quantified(Element, frozen=True, kw_only=True):
    """``some`` or ``every``."""

    every: bool
    variable: str
    source: "Boxed | None"
    satisfies: "Boxed | None"
    source_type: str = ""
    type_ref: str = ""


Boxed = Literal | Table | Context | Invocation | Listing | Relation | Function | Conditional | Filter | For | Quantified


class Reference(msgspec.Struct, frozen=True):
    """Points at an element by its id; the namespace is empty for the model's own elements."""

    id: str
    namespace: str = ""
    line: int = 0


class Decision(Named, frozen=True, kw_only=True):
    variable: Variable
    requires: tuple[Reference, ...] = ()
    """Input data and decisions, in the order drawn."""
    knows: tuple[Reference, ...] = ()
    """Knowledge models and decision services."""
    body: Boxed | None = None
    question: str = ""


class InputData(Named, frozen=True, kw_only=True):
    variable: Variable


class KnowledgeModel(Named, frozen=True, kw_only=True):
    variable: Variable
    logic: Function | None = None
    knows: tuple[Reference, ...] = ()


class DecisionService(Named, frozen=True, kw_only=True):
    variable: Variable
    outputs: tuple[Reference, ...] = ()
    encapsulated: tuple[Reference, ...] = ()
    input_decisions: tuple[Reference, ...] = ()
    input_data: tuple[Reference, ...] = ()


class FunctionType(Element, frozen=True, kw_only=True):
    parameters: tuple[Variable, ...] = ()
    result: str = ""


class ItemDefinition(Named, frozen=True, kw_only=True):
    type_ref: str = ""
    is_collection: bool = False
    allowed: UnaryTests | None = None
    """Every item of a collection, or the value itself, must pass these."""
    constraint: UnaryTests | None = None
    """DMN 1.5 typeConstraint: the value as a whole must pass these."""
    components: tuple["ItemDefinition", ...] = ()
    function: FunctionType | None = None


class Import(Named, frozen=True, kw_only=True):
    namespace: str
    location: str = ""
    kind: str = ""
    """The importType: a DMN namespace, or another (PMML, XSD), which is refused by name."""


class Definitions(Named, frozen=True, kw_only=True):
    namespace: str = ""
    file: str = ""
    language: str = FEEL
    """What expressions that name no language are written in."""
    decisions: tuple[Decision, ...] = ()
    inputs: tuple[InputData, ...] = ()
    knowledge: tuple[KnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    imports: tuple[Import, ...] = ()
