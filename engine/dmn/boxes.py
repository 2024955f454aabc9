"""Boxed expressions become syntax trees of FEEL, so that a boxed ``for`` and a written one mean the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.dmn import nodes, tables, texts
from engine.dmn.model import (
    Boxed,
    Conditional,
    Context,
    Element,
    Filter,
    For,
    Function,
    Invocation,
    Listing,
    Literal,
    Quantified,
    Relation,
    Table,
    Variable,
)
from engine.dmn.scope import Scope
from engine.feel import tree
from engine.feel.values import Parameter


def node(boxed: Boxed | None, scope: Scope, what: str = "") -> tree.Node:
    """The tree of a boxed expression; its problems go to ``scope``. ``what`` names the value for warnings."""
    if boxed is None:
        return tree.Literal(0, None)
    made = _MAKERS[type(boxed)](boxed, scope, what)
    return checked(made, boxed.type_ref, boxed, scope, what)


def checked(inner: tree.Node, type_ref: str, where: Element, scope: Scope, what: str) -> tree.Node:
    gate = scope.gate(type_ref, where)
    return inner if gate is None else nodes.Checked(0, inner, gate, what or scope.owner_name)


def _literal(boxed: Literal, scope: Scope, what: str) -> tree.Node:
    return texts.expression(boxed, scope)


def _table(boxed: Table, scope: Scope, what: str) -> tree.Node:
    return nodes.Ready(0, tables.prepare(boxed, scope, what or scope.owner_name))


def _context(boxed: Context, scope: Scope, what: str) -> tree.Node:
    entries: list[tuple[str | None, tree.Node]] = []
    for entry in boxed.entries:
        if entry.variable is None:
            entries.append((None, node(entry.value, scope, what)))
            continue
        name = entry.variable.name
        value = node(entry.value, scope, name)
        entries.append((name, checked(value, entry.variable.type_ref, entry, scope, name)))
        scope = scope.binding((name,))
    return nodes.Entries(0, entries)


def _invocation(boxed: Invocation, scope: Scope, what: str) -> tree.Node:
    values = [node(binding.value, scope, binding.parameter.name) for binding in boxed.bindings]
    values = [
        checked(value, binding.parameter.type_ref, binding, scope, binding.parameter.name)
        for value, binding in zip(values, boxed.bindings, strict=True)
    ]
    names = [binding.parameter.name for binding in boxed.bindings]
    return tree.Call(0, node(boxed.callee, scope, what), values, names or None)


def _listing(boxed: Listing, scope: Scope, what: str) -> tree.Node:
    return tree.ListOf(0, [node(item, scope, what) for item in boxed.items])


def _relation(boxed: Relation, scope: Scope, what: str) -> tree.Node:
    rows: list[tree.Node] = []
    for row in boxed.rows:
        cells: list[tuple[str | None, tree.Node]] = []
        for column, cell in zip(boxed.columns, row, strict=False):
            value = node(cell, scope, column.name)
            cells.append((column.name, checked(value, column.type_ref, column, scope, column.name)))
        rows.append(nodes.Entries(0, cells))
    return tree.ListOf(0, rows)


def _function(boxed: Function, scope: Scope, what: str) -> tree.Node:
    return function(boxed, scope, "", "")


def function(boxed: Function, scope: Scope, name: str, result_type: str) -> tree.Node:
    """A function; with a ``name`` it may call itself. ``result_type`` is what it is declared to give."""
    if boxed.kind != "FEEL":
        return nodes.External(0, boxed.kind, [Parameter(parameter.name) for parameter in boxed.parameters])
    parameters = [
        (_parameter(parameter, scope), scope.gate(parameter.type_ref, boxed)) for parameter in boxed.parameters
    ]
    inner = scope.binding([parameter.name for parameter in boxed.parameters] + ([name] if name else []))
    return nodes.FunctionNode(0, name, parameters, node(boxed.body, inner, name), scope.gate(result_type, boxed))


def _parameter(variable: Variable, scope: Scope) -> Parameter:
    return Parameter(variable.name, scope.catalogue.type_of(scope.type_name(variable.type_ref, variable)))


def _conditional(boxed: Conditional, scope: Scope, what: str) -> tree.Node:
    return nodes.Choice(
        0, node(boxed.condition, scope, what), node(boxed.then, scope, what), node(boxed.otherwise, scope, what)
    )


def _filter(boxed: Filter, scope: Scope, what: str) -> tree.Node:
    within = replace(scope, loose=scope.loose | scope.entries)
    return nodes.Selection(0, node(boxed.source, scope, what), node(boxed.match, within, what))


def _iteration(boxed: For | Quantified, scope: Scope, what: str) -> list[tree.Iteration]:
    source = checked(node(boxed.source, scope, what), boxed.source_type, boxed, scope, what)
    return [tree.Iteration(0, boxed.variable, source, None)]


def _for(boxed: For, scope: Scope, what: str) -> tree.Node:
    inner = scope.binding((boxed.variable,))
    return tree.For(0, _iteration(boxed, scope, what), node(boxed.result, inner, what))


def _quantified(boxed: Quantified, scope: Scope, what: str) -> tree.Node:
    inner = scope.binding((boxed.variable,))
    return tree.Quantified(0, boxed.every, _iteration(boxed, scope, what), node(boxed.satisfies, inner, what))


_MAKERS: dict[type, Callable[[Any, Scope, str], tree.Node]] = {
    Literal: _literal,
    Table: _table,
    Context: _context,
    Invocation: _invocation,
    Listing: _listing,
    Relation: _relation,
    Function: _function,
    Conditional: _conditional,
    Filter: _filter,
    For: _for,
    Quantified: _quantified,
}
