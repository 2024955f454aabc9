"""Call activity: another process runs inside the same instance, in a scope of its own that sees nothing around it.

What goes in: everything visible (``pass_all_in``), then the input mappings. What comes out: the output mappings over
the called process's variables, and all of them with ``pass_all_out``. A process that declares ``inputs`` gets those
only and is refused without them, one that declares ``outputs`` gives those only. Errors and escalations come out as
from a sub-process.
"""

from typing import Any

from engine import errors
from engine.kernel import (
    activity,
    data_objects,
    event_sub_process,
    expressions,
    incidents,
    scopes,
    start_event,
    values,
    variables,
)
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.library import CallRequest
from engine.kernel.run import Run
from engine.kernel.state import CALL, FAILED_COMPLETE, Scope, Token

DEEPEST = 32
"""Calls within calls; a process that calls itself for ever stops here as an incident."""


def perform(run: Run, token: Token, node: NodePlan) -> None:
    around = token.inner or token.scope
    data = _given(run, token, node, around)
    plan = _called(run, token, node, around, data)
    wanted = plan.program.inputs
    _demand(wanted, data, node, plan)
    if wanted:
        data = {name: data[name] for name in wanted}
    token = run.own_token(token.number)
    scope = run.open_scope(CALL, around, token.number, _program(run, plan))
    token.inner = scope.number
    variables.local(run, scope.number, data)
    data_objects.create(run, scope, -1)
    event_sub_process.arm_all(run, scope, -1)
    start = start_event.pick(plan, "")
    scopes.start_at(run, scope, [node.index for node in start], plan.nodes)


def finished(run: Run, token: Token, node: NodePlan) -> None:
    called = run.scopes[token.inner]
    plan = run.plan_of(called)
    try:
        outputs = _results(run, node, called, plan)
    except incidents.STOPS as error:
        incidents.stop(run, token.number, FAILED_COMPLETE, error)
        return
    own = run.own_token(token.number)
    scopes.close_waits(run, called.waits)
    del run.scopes[called.number]
    own.inner = called.parent if called.parent != own.scope else 0
    # Around the call: a variable that an input mapping made for it would keep the answer to itself.
    variables.assign(run, own.scope, outputs, node.id)
    activity.complete(run, own, node)


def _given(run: Run, token: Token, node: NodePlan, around: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if node.model.pass_all_in:
        data = {name: values.unpack(raw) for name, raw in variables.flatten(run, around).items()}
    elif token.inner:
        data = {
            name: values.unpack(run.scopes[token.inner].variables[name])
            for name in (expressions.variable(mapping.target) for mapping in node.model.inputs)
        }
    return data


def _called(run: Run, token: Token, node: NodePlan, around: int, data: dict[str, Any]) -> Plan:
    model = node.model
    key = expressions.text(run, model.called, around) if model.called else None
    if not key:
        raise errors.Invalid(
            "call_without_process",
            zh=f"调用活动 {node.id} 没有说明要调用哪个流程",
            en=f"call activity {node.id} does not say which process it calls",
            node=node.id,
        )
    depth = sum(scope.kind == CALL for scope in _around(run, token.scope))
    if depth >= DEEPEST:
        raise errors.Invalid(
            "calls_too_deep",
            zh=f"调用活动 {node.id}：流程相互调用超过 {DEEPEST} 层",
            en=f"call activity {node.id}: processes call each other more than {DEEPEST} deep",
            node=node.id,
        )
    caller = run.programs[run.scopes[token.scope].program]
    request = CallRequest(
        key=key, binding=model.binding, version=model.version, caller=caller, node=node.id, variables=data
    )
    return run.shelf().called(request)


def _around(run: Run, number: int) -> list[Scope]:
    found = [run.scopes[number]]
    while found[-1].parent >= 0:
        found.append(run.scopes[found[-1].parent])
    return found


def _program(run: Run, plan: Plan) -> int:
    if plan.sha256 not in run.programs:
        run.programs = (*run.programs, plan.sha256)
    index = run.programs.index(plan.sha256)
    run.plans[index] = plan
    run.watching = run.watching or plan.conditional
    return index


def _results(run: Run, node: NodePlan, called: Scope, plan: Plan) -> dict[str, Any]:
    inside = {name: values.unpack(raw) for name, raw in called.variables.items()}
    names, may_lack = plan.program.outputs, plan.program.optional_outputs
    _demand(tuple(name for name in names if name not in may_lack), inside, node, plan)
    if names:
        inside = {name: inside.get(name) for name in names}
    outputs = (
        expressions.placed(run, node.model.outputs, called.number, into=called.parent) if node.model.outputs else {}
    )
    return {**(inside if node.model.pass_all_out else {}), **outputs}


def _demand(names: tuple[str, ...], data: dict[str, Any], node: NodePlan, plan: Plan) -> None:
    missing = [name for name in names if name not in data]
    if missing:
        raise errors.Invalid(
            "call_data_missing",
            zh=f"{node.id} 调用的流程 {plan.program.key} 缺少数据：{'、'.join(missing)}",
            en=f"the process {plan.program.key} called by {node.id} lacks {', '.join(missing)}",
            node=node.id,
        )
