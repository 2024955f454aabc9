"""A decision is computed: what it needs first, each element once, functions and services when they are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from engine.dmn import nodes, program, types
from engine.dmn.model import KnowledgeModel
from engine.dmn.program import Unit
from engine.dmn.tables import Memory, Trace, TracingRun
from engine.errors import Invalid
from engine.feel import boundary, errors
from engine.feel.run import DEFAULT, Budget, Run
from engine.feel.values import Function, Parameter, Value
from engine.model.problem import Problem
from engine.model.text import Text

MAX_RECORDS = 1000
Values = dict[Unit, Value]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Noted:
    """Why something became null or doubtful."""

    code: str
    text: Text
    element: str
    """Name of the decision it happened in."""


@dataclass(frozen=True, slots=True)
class Record:
    """A decision that was computed, with the tables asked on the way."""

    unit: Unit
    value: Value
    traces: tuple[Trace, ...]


@dataclass
class Evaluation:
    """One evaluation: what was given, what is known so far."""

    inputs: Mapping[str, Any]
    run: TracingRun
    records: list[Record] = field(default_factory=list)
    warnings: list[Noted] = field(default_factory=list)
    _warned: set[int] = field(default_factory=set)
    _traced: set[int] = field(default_factory=set)
    """What is laid to a decision already: one that calls a service must not be told the service's as its own."""

    def decide(self, unit: Unit) -> Value:
        """The value of a decision, of a service called directly, or of a knowledge model called with the inputs."""
        try:
            if unit.kind == "service":
                value = self._serve(unit, {p: self._given(p) for p in unit.parameters})
                self._attribute(0, unit.name)
                return value
            if unit.kind == "knowledge":
                return self._apply(unit)
            return self._compute([unit], {})[unit]
        except RecursionError:
            raise errors.depth(self.run.budget.depth) from None

    def _compute(self, targets: Sequence[Unit], given: Values) -> Values:
        """The targets and all they need; ``given`` values are not computed."""
        order = _order(targets, tuple(given))
        values = dict(given)
        for unit in order:
            if unit not in values:
                values[unit] = self._value(unit, values)
        return values

    def _value(self, unit: Unit, values: Values) -> Value:
        if unit.kind == "input":
            return self._given(unit)
        if unit.kind == "service":
            return self._service(unit)
        scope = self._scope(unit, values)
        if unit.kind == "knowledge":
            return None if unit.code is None else unit.code(scope, self.run)
        if unit.code is None:
            return self._given(unit)
        return self._decision(unit, scope)

    def _decision(self, unit: Unit, scope: Mapping[str, Value]) -> Value:
        warned, traced = len(self.run.warnings), len(self.run.memory.traces)
        assert unit.code is not None
        value = nodes.admit(unit.code(scope, self.run), unit.gate, unit.name, self.run)
        self._attribute(warned, unit.name)
        if len(self.records) < MAX_RECORDS:
            self.records.append(Record(unit, value, tuple(_new(self.run.memory.traces, traced, self._traced))))
        return value

    def _attribute(self, start: int, name: str) -> None:
        """Lay the run's new warnings to the element, each text once."""
        for warning in _new(self.run.warnings, start, self._warned):
            noted = Noted(warning.code, warning.text, name)
            if noted not in self.warnings:
                self.warnings.append(noted)

    def _scope(self, unit: Unit, values: Values) -> dict[str, Value]:
        scope: dict[str, Value] = dict(self.inputs) if unit.open else {}
        for need in unit.needs:
            if need.alias:
                behind = scope.get(need.alias)
                known = behind if isinstance(behind, dict) else {}
                scope[need.alias] = {**known, need.unit.name: values.get(need.unit)}
            else:
                scope[need.unit.name] = values.get(need.unit)
        return scope

    def _given(self, unit: Unit) -> Value:
        """What the caller gave: by ``namespace#name``, variable's name, element's name or id, or behind an import."""
        warned = len(self.run.warnings)
        qualified = f"{unit.library.definitions.namespace}#{unit.name}"
        for name in (qualified, unit.name, unit.element.name, unit.element.id):
            if name and name in self.inputs:
                value = boundary.from_python(self.inputs[name], self.run)
                break
        else:
            value = self._behind_an_import(unit)
        value = nodes.admit(_filled(value, unit), unit.gate, unit.name, self.run)
        self._attribute(warned, unit.name)
        return value

    def _behind_an_import(self, unit: Unit) -> Value:
        for value in self.inputs.values():
            if isinstance(value, Mapping) and unit.name in value and unit.library.imported:
                return boundary.from_python(value[unit.name], self.run)
        nodes.note(self.run, "input_missing", zh=f"没有给出“{unit.name}”", en=f"{unit.name} was not given")
        return None

    def _service(self, unit: Unit) -> Function:
        parameters = tuple(Parameter(parameter.name) for parameter in unit.parameters)

        def call(arguments: Sequence[Value], run: Run) -> Value:
            given: Values = {}
            for parameter, value in zip(unit.parameters, arguments, strict=True):
                ok, admitted = (True, value) if parameter.gate is None else parameter.gate.check(value, run)
                if not ok:
                    nodes.refuse(unit.name, parameter.name, run)
                    return None
                given[parameter] = admitted
            return self._serve(unit, given)

        return Function(unit.name, parameters, call)

    def _serve(self, unit: Unit, given: Values) -> Value:
        values = self._compute(unit.outputs, given)
        if len(unit.outputs) == 1:
            value = values[unit.outputs[0]]
        else:
            value = {output.name: values[output] for output in unit.outputs}
        return nodes.admit(value, unit.gate, unit.name, self.run)

    def _apply(self, unit: Unit) -> Value:
        """A knowledge model called from outside, its parameters among the inputs."""
        function = self._compute([unit], {})[unit]
        element = unit.element
        if not isinstance(function, Function) or not isinstance(element, KnowledgeModel):
            return None
        arguments = [boundary.from_python(self.inputs.get(p.name), self.run) for p in function.parameters]
        value = function.body(arguments, self.run)
        self._attribute(0, unit.name)
        return value


def _filled(value: Value, unit: Unit) -> Value:
    catalogue = unit.library.catalogue
    wanted = None if unit.gate is None else catalogue.type_of(unit.gate.wanted)
    return value if wanted is None else types.filled(value, wanted, catalogue.definitions)


def _new(found: Sequence[T], start: int, taken: set[int]) -> list[T]:
    """Those from ``start`` on that nobody has taken; they are taken now."""
    fresh = [index for index in range(start, len(found)) if index not in taken]
    taken.update(fresh)
    return [found[index] for index in fresh]


def begin(inputs: Mapping[str, Any], *, now: datetime | None, budget: Budget | None) -> Evaluation:
    return Evaluation(inputs, TracingRun(Memory(), budget or DEFAULT, now=now))


def _order(targets: Sequence[Unit], given: tuple[Unit, ...]) -> Sequence[Unit]:
    """The plan, made once. Raises Invalid for a plan with errors in it."""
    orders = targets[0].library.orders if targets else {}
    key = (tuple(targets), given)
    order = orders.get(key)
    if order is None:
        order = tuple(program.plan(targets, given))
        _check(targets, order)
        orders[key] = order
    return order


def _check(targets: Sequence[Unit], order: Sequence[Unit]) -> None:
    """Raises Invalid with all problems of what is needed, before anything runs."""
    found: list[Problem] = []
    for unit in order:
        found += [problem for problem in unit.problems if problem not in found]
    if found:
        names = ", ".join(unit.name for unit in targets)
        raise Invalid(
            "decision_broken",
            zh=f"决策“{names}”有错误，不能计算：{found[0].text['zh-CN']}",
            en=f"{names} has errors and cannot be computed: {found[0].text['en']}",
            problems=found,
        )
