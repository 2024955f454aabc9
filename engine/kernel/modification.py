"""Changes by hand: variables, and tokens moved, added or cancelled. Each leaves a fact."""

from engine import errors, facts
from engine.kernel import activity, data_objects, event_sub_process, scopes, stimuli, variables
from engine.kernel.graph import NodePlan, Plan
from engine.kernel.run import ENTER, Run
from engine.kernel.state import BODY, CALL, KEPT, ROOT, SUB, Scope, Token


def set_variables(run: Run, stimulus: stimuli.SetVariables) -> None:
    """Raises NotFound for a scope that is not open."""
    if stimulus.scope not in run.scopes:
        raise errors.NotFound(
            "scope_missing",
            zh=f"作用域 {stimulus.scope} 不存在",
            en=f"scope {stimulus.scope} is not open",
            scope=stimulus.scope,
        )
    variables.put(run, stimulus.scope, stimulus.values, reason=stimulus.reason)


def begin(run: Run, stimulus: stimuli.Start) -> None:
    """A new instance that begins before these nodes. Raises NotFound."""
    program = run.plan.program
    run.facts.append(facts.InstanceStarted(process=program.key, program=run.plan.sha256, data=stimulus.data))
    variables.put(run, 0, stimulus.data)
    root = run.own_scope(0)
    data_objects.create(run, root, -1)
    event_sub_process.arm_all(run, root, -1)
    for node_id in stimulus.before:
        _start_before(run, node_id)
        run.facts.append(facts.TokenMoved(node=node_id, to=node_id, reason=""))


def move(run: Run, stimulus: stimuli.Move) -> None:
    """New tokens first, so that no scope ends in between. Raises NotFound and Conflict; nothing has happened then."""
    leaving = [number for target in stimulus.cancel for number in _found(run, target)]
    for node_id in stimulus.start:
        _start_before(run, node_id)
        run.facts.append(facts.TokenMoved(node=node_id, to=node_id, reason=stimulus.reason))
    for number in leaving:
        if number in run.tokens:
            token = run.tokens[number]
            node = run.node_of(token)
            run.facts.append(facts.TokenMoved(node=node.id, scope=token.scope, to="", reason=stimulus.reason))
            scopes.cancel(run, number)
            scopes.leave_scope(run, token.scope)


def sibling(run: Run, token: Token, node: NodePlan, target: str) -> int:
    """Index of the node ``target`` of the scope that ``token`` is in. Raises NotFound; Conflict for a repeated step."""
    plan = run.plan_of(run.scopes[token.scope])
    index = plan.index.get(target, -1)
    if index < 0 or plan.nodes[index].scope != node.scope:
        raise errors.NotFound(
            "node_missing",
            zh=f"{node.id} 所在的流程里没有 {target}",
            en=f"there is no {target} where {node.id} is",
            node=target,
        )
    if run.scopes[token.scope].kind == BODY:
        raise errors.Conflict(
            "step_repeated",
            zh=f"{node.id} 是多实例步骤，不能改变去向",
            en=f"{node.id} is one of several instances: it cannot go on elsewhere",
            node=node.id,
        )
    return index


def _found(run: Run, target: int | str) -> list[int]:
    found = [
        token.number
        for token in run.tokens.values()
        if token.number == target or (isinstance(target, str) and run.node_of(token).id == target)
    ]
    if not found:
        raise errors.NotFound(
            "token_missing",
            zh=f"没有令牌位于 {target}",
            en=f"no token is at {target}",
            target=target,
        )
    return found


def _start_before(run: Run, node_id: str) -> None:
    scope, node = _place(run, node_id)
    number = _open_around(run, scope, node)
    run.add_live(number, 1)
    run.agenda.insert(0, (ENTER, run.spawn(node, number).number, 0))


def _place(run: Run, node_id: str) -> tuple[Scope, NodePlan]:
    """The process (or called process) that knows the node: the instance's own first."""
    for scope in run.scopes.values():
        plan = run.plan_of(scope)
        if scope.kind in (ROOT, CALL) and node_id in plan.index:
            node = plan.nodes[plan.index[node_id]]
            if node.kind == "boundaryEvent" or getattr(node.model, "variety", "") == "event":
                break
            return scope, node
    raise errors.NotFound(
        "node_missing",
        zh=f"令牌不能放到 {node_id}：没有这个节点，或它不能这样开始",
        en=f"no token can be put at {node_id}: there is no such node, or it does not begin that way",
        node=node_id,
    )


def _open_around(run: Run, process: Scope, node: NodePlan) -> int:
    """The scope that ``node`` belongs to; the sub-processes around it are opened where they are not."""
    plan = run.plan_of(process)
    chain: list[NodePlan] = []
    around = node.scope
    while around >= 0:
        chain.append(plan.nodes[around])
        around = plan.nodes[around].scope
    here = process.number
    for owner in reversed(chain):
        here = _inside(run, here, owner, plan)
    return here


def _inside(run: Run, around: int, owner: NodePlan, plan: Plan) -> int:
    program = run.scopes[around].program
    open_now = [
        scope
        for scope in run.scopes.values()
        if scope.kind in (SUB, KEPT) and scope.program == program and run.tokens[scope.token].node == owner.index
    ]
    if len(open_now) > 1:
        raise errors.Conflict(
            "scope_ambiguous",
            zh=f"子流程 {owner.id} 同时打开了 {len(open_now)} 个，不清楚放入哪一个",
            en=f"sub-process {owner.id} is open {len(open_now)} times: it is not clear into which",
            node=owner.id,
        )
    if open_now:
        return open_now[0].number
    run.add_live(around, 1)
    token = run.spawn(owner, around)
    activity.prepare(run, token, owner)
    event_sub_process.arm_all(run, run.own_scope(token.inner), owner.index)
    return token.inner
