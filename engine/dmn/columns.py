"""The inputs of a table for its analysis: the values that matter, and which rules accept which of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import feel
from engine.dmn import axes, constants
from engine.dmn.model import InputClause, ItemDefinition, Table, UnaryTests
from engine.dmn.types import Catalogue
from engine.feel import errors, parser, tree, types
from engine.feel.values import Value
from engine.model.text import Text, both

_WHOLE = frozenset({"integer", "int", "long", "short"})
_NUMBERS = _WHOLE | {"number", "double", "float", "decimal"}
"""Camunda's and Flowable's names beside the standard's."""


@dataclass
class Column:
    """One input; columns of the same expression are one."""

    expression: str
    path: tuple[str, ...] | None
    """The variable it reads, as a path; None for a computed input."""
    places: list[Value]
    must: list[int]
    """For each rule the places its cells surely accept, as a bit mask."""
    may: list[int]
    """For each rule the places its cells may accept."""
    undecided: list[Text]


def of_table(table: Table, catalogue: Catalogue, variables: Mapping[str, str], max_answers: int) -> list[Column] | Text:
    """A text says why nothing can be found out at all."""
    groups: dict[str, list[int]] = {}
    for index, clause in enumerate(table.inputs):
        groups.setdefault(" ".join(clause.expression.text.split()), []).append(index)
    found = []
    for expression, indexes in groups.items():
        column = _Builder(table, expression, indexes, catalogue, variables).column(max_answers)
        if column is None:
            return both(
                zh=f"表太大，无法分析（{expression}）", en=f"the table is too large to be analysed ({expression})"
            )
        found.append(column)
    return found


def independent(found: Sequence[Column]) -> bool:
    """Whether every combination of the columns' values can occur: each reads a variable that no other contains."""
    paths = [column.path for column in found]
    if any(path is None for path in paths):
        return False
    known = [path for path in paths if path is not None]
    return not any(one is not other and other[: len(one)] == one for one in known for other in known)


class _Builder:
    def __init__(
        self,
        table: Table,
        expression: str,
        indexes: list[int],
        catalogue: Catalogue,
        variables: Mapping[str, str],
    ) -> None:
        self.table = table
        self.expression = expression
        self.indexes = indexes
        self.catalogue = catalogue
        self.path = path_of(expression, variables)
        self.type = next((t for t in (table.inputs[i].expression.type_ref for i in indexes) if t), "")
        self.type = self.type or _declared(self.path, catalogue, variables)
        self.undecided: list[Text] = []

    def column(self, max_answers: int) -> Column | None:
        limits = self._limits()
        cells = {self._key(rule.inputs[i]): rule.inputs[i] for rule in self.table.rules for i in self.indexes}
        speaks = {key: self._constants(cell) for key, cell in cells.items()}
        spoken = [value for values in (*speaks.values(), *map(self._constants, limits)) for value in values or ()]
        places = self._places(spoken, limits)
        if len(places or ()) * len(cells) > max_answers:
            return None
        decided = places is not None
        places = places or [None]
        whole = (1 << len(places)) - 1
        masks = {
            key: self._mask(cell, places) if _always(cell) or (decided and speaks[key] is not None) else None
            for key, cell in cells.items()
        }
        must, may = [], []
        for number, rule in enumerate(self.table.rules, start=1):
            sure = possible = whole
            for i in self.indexes:
                mask = masks[self._key(rule.inputs[i])]
                sure &= mask or 0
                possible &= whole if mask is None else mask
                if mask is None:
                    self._note(number, rule.inputs[i].text)
            must.append(sure)
            may.append(possible)
        return Column(self.expression, self.path, places, must, may, self.undecided)

    def _key(self, cell: UnaryTests) -> tuple[str, str]:
        return cell.text.strip(), cell.language

    def _note(self, number: int, cell: str) -> None:
        self.undecided.append(
            both(
                zh=f"规则 {number} 的单元格“{cell.strip()}”不只是与常量比较，未作分析",
                en=f"rule {number}: the cell {cell.strip()} does more than compare with constants",
            )
        )

    def _limits(self) -> list[UnaryTests]:
        """The allowed values of the input: of its clauses and of its type."""
        found = [clause.allowed for clause in self._clauses() if clause.allowed is not None]
        item: ItemDefinition | None = self.catalogue.items.get(self.type)
        for _ in range(20):  # a type defined by a type
            if item is None or item.is_collection:
                break
            found += [item.allowed] if item.allowed is not None else []
            item = self.catalogue.items.get(item.type_ref)
        return found

    def _clauses(self) -> list[InputClause]:
        return [self.table.inputs[i] for i in self.indexes]

    def _constants(self, cell: UnaryTests) -> list[Value] | None:
        """None for a cell that cannot be analysed."""
        if _always(cell):
            return []
        if cell.language != "feel":
            return None
        try:
            parsed = parser.parse_unary_tests(cell.text)
        except errors.FeelSyntaxError:
            return None
        return [] if parsed is None else constants.of_tests(parsed[0])

    def _places(self, spoken: list[Value], limits: list[UnaryTests]) -> list[Value] | None:
        try:
            found = axes.places(spoken, self._kind(), whole=self.type in _WHOLE)
        except axes.Undecidable:
            return None
        known = [limit for limit in limits if self._constants(limit) is not None]
        if len(known) < len(limits):
            words = both(
                zh=f"“{self.expression}”的允许值不只是常量，未予考虑",
                en=f"the allowed values of {self.expression} are more than constants and were left out of account",
            )
            self.undecided.append(words)
        return [value for value in found if all(_accepts(limit, value) for limit in known)]

    def _kind(self) -> str:
        """The kind of value that is declared: ``number``, ``string`` ...; empty where none is."""
        name = self.type
        for _ in range(20):
            item = self.catalogue.items.get(name)
            if item is None or item.is_collection or item.components:
                break
            name = item.type_ref
        if name in _NUMBERS:
            return "number"
        name = types.ALIASES.get(name, name)
        return name if name in axes.KINDS else ""

    def _mask(self, cell: UnaryTests, places: list[Value]) -> int:
        if _always(cell):
            return (1 << len(places)) - 1
        tests = feel.compile_unary_tests(cell.text)
        return sum(1 << place for place, value in enumerate(places) if tests.matches(value, {}))


def _always(cell: UnaryTests) -> bool:
    return cell.text.strip() in ("", "-")


def _accepts(limit: UnaryTests, value: Value) -> bool:
    return feel.compile_unary_tests(limit.text).matches(value, {})


def path_of(expression: str, declared: Mapping[str, str]) -> tuple[str, ...] | None:
    """``customer.address.city`` as a path; None for anything that computes."""
    try:
        node = parser.parse_expression(expression, tuple(declared))
    except errors.FeelSyntaxError:
        return None
    names: list[str] = []
    while isinstance(node, tree.Path):
        names.append(node.name)
        node = node.source
    return (node.name, *reversed(names)) if isinstance(node, tree.Name) else None


def _declared(path: tuple[str, ...] | None, catalogue: Catalogue, variables: Mapping[str, str]) -> str:
    """The type that the variable at ``path`` is declared with."""
    if not path or path[0] not in variables:
        return ""
    name = variables[path[0]]
    for part in path[1:]:
        item = catalogue.items.get(name)
        found = [] if item is None else [component for component in item.components if component.name == part]
        if not found or found[0].is_collection or found[0].components:
            return ""
        name = found[0].type_ref
    return name
