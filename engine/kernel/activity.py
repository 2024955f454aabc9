"""The life of an activity, whatever it does: asynchronous start, loop, scope, input mappings, boundary events, the work
itself, output mappings, compensation, leaving.

``node.perform`` is the element's own part; it calls ``complete`` when the work is done.
"""

from engine import facts
from engine.kernel import (
    catching,
    compensation,
    errands,
    expressions,
    flows,
    incidents,
    loops,
    scopes,
    variables,
    waits,
)
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import (
    BEFORE,
    BODY,
    CONTINUE,
    ENDING,
    ENTERING,
    FAILED_COMPLETE,
    JOB,
    MAPPING,
    STARTING,
    SUB,
    WAITING,
    Open,
    Token,
)
from engine.model.nodes import Script


def enter(run: Run, token: Token, node: NodePlan) -> None:
    if node.plain:
        token.phase = WAITING
        run.facts.append(facts.ActivityStarted(node=node.id, scope=token.scope, token=token.number))
        node.perform(run, token, node)
        return
    is_instance = run.scopes[token.scope].kind == BODY
    if node.asynchronous and token.phase == WAITING and not is_instance:
        _continue_later(run, token, node)
        return
    token.phase = WAITING
    if node.loops and not is_instance:
        _arm_boundaries(run, token, node)
        loops.begin(run, token, node)
    else:
        _open(run, token, node)
        if not errands.begin(run, token, node, MAPPING):
            start(run, token, node)


def start(run: Run, token: Token, node: NodePlan) -> None:
    """Its scope is open: inputs, boundary events, the work."""
    _map(run, token, node)
    if not errands.begin(run, token, node, STARTING):
        node.perform(run, token, node)


def complete(run: Run, token: Token, node: NodePlan) -> None:
    """The work is done. Output mappings that fail are an incident; the work is not done again."""
    if node.plain:
        run.facts.append(facts.ActivityCompleted(node=node.id, scope=token.scope, token=token.number))
        _depart(run, token, node)
        return
    token = run.own_token(token.number)
    if token.inner and run.scopes[token.inner].kind == BODY:
        loops.gather(run, token, node)
        _close(run, token)
        _depart(run, token, node)
        return
    if node.errands is not None and node.errands[ENDING - ENTERING]:
        if node.inner_kind == SUB:  # what only sleeps in it does not wake up any more
            scopes.close_waits(run, run.scopes[token.inner].waits)
            run.own_scope(token.inner).waits = ()
        elif token.number in run.onward:
            token.memo = (run.onward.pop(token.number),)
        errands.begin(run, token, node, ENDING)
        return
    finish(run, token, node)


def told(run: Run, token: Token, node: NodePlan) -> None:
    """The errands of its end are done; where somebody said that it goes on elsewhere, it does."""
    if node.inner_kind == SUB and run.scopes[token.inner].live:
        return  # somebody put a token into it meanwhile: its end will be told once more
    if token.memo and node.inner_kind != SUB and run.scopes[token.scope].kind != BODY:
        run.onward[token.number] = token.memo[0]
    finish(run, token, node)


def finish(run: Run, token: Token, node: NodePlan) -> None:
    """Its errands are done, too: outputs, compensation, leaving."""
    is_instance = run.scopes[token.scope].kind == BODY
    try:
        _script(run, token, node, node.model.after)
        inner = token.inner or token.scope
        outputs = expressions.placed(run, node.outputs, inner, into=token.scope) if node.outputs else {}
        over = loops.collect(run, token, node) if is_instance else False
    except incidents.STOPS as error:
        incidents.stop(run, token.number, FAILED_COMPLETE, error)
        return
    if node.inner_kind == SUB or node.handler >= 0:
        compensation.remember(run, token, node)
        variables.publish(run, token)
    _close(run, token)
    variables.assign(run, token.scope, outputs, node.id)
    run.facts.append(facts.ActivityCompleted(node=node.id, scope=token.scope, token=token.number))
    if is_instance:
        loops.instance_done(run, token, node, over)
    else:
        _depart(run, token, node)


def skip(run: Run, token: Token, node: NodePlan) -> None:
    """Pass without the work: by hand, with a reason. Outputs are not evaluated."""
    is_instance = run.scopes[token.scope].kind == BODY
    _close(run, token)
    run.facts.append(facts.ActivityCompleted(node=node.id, scope=token.scope, token=token.number))
    if is_instance:
        loops.instance_done(run, token, node, loops.is_last(run, token, node))
    else:
        _depart(run, token, node)


def prepare(run: Run, token: Token, node: NodePlan) -> None:
    """What is around the work, without errands: the activity's own scope with its inputs, its boundary events."""
    _open(run, token, node)
    _map(run, token, node)


def _open(run: Run, token: Token, node: NodePlan) -> None:
    is_instance = run.scopes[token.scope].kind == BODY
    index = token.memo[0] if is_instance else -1
    run.facts.append(facts.ActivityStarted(node=node.id, scope=token.scope, token=token.number, index=index))
    model = node.model
    if not token.inner and (node.inner_kind == SUB or model.inputs or model.properties or model.errands):
        program = run.scopes[token.scope].program
        token.inner = run.open_scope(node.inner_kind, token.scope, token.number, program).number


def _map(run: Run, token: Token, node: NodePlan) -> None:
    model = node.model
    _script(run, token, node, model.before)
    if token.inner:
        variables.local(run, token.inner, dict.fromkeys(model.properties))
        variables.local(run, token.inner, expressions.placed(run, model.inputs, token.inner))
    if run.scopes[token.scope].kind != BODY:
        _arm_boundaries(run, token, node)


def _script(run: Run, token: Token, node: NodePlan, script: Script | None) -> None:
    """The lines that a model attaches to an activity, in its scope."""
    if script is not None:
        scope = token.inner or token.scope
        _, changed = run.evaluator.script(script.language, script.text, variables.view(run, scope), run.now)
        variables.assign(run, scope, changed, node.id)


def _arm_boundaries(run: Run, token: Token, node: NodePlan) -> None:
    for boundary in node.boundaries:
        spot = catching.Spot(boundary, token.scope, token.number, token.inner or token.scope)
        token.waits += catching.arm(run, spot)


def _continue_later(run: Run, token: Token, node: NodePlan) -> None:
    token.phase = BEFORE
    wait = run.number()
    token.waits = (wait,)
    run.open(
        Open(JOB, token.scope, token.number, node.index, name=CONTINUE),
        waits.Job(
            id=wait,
            node=node.id,
            scope=token.scope,
            path=run.path(token.scope),
            token=token.number,
            handler="continue",
            style="continue",
        ),
    )
    run.facts.append(facts.JobCreated(node=node.id, scope=token.scope, wait=wait, handler="continue"))


def _close(run: Run, token: Token) -> None:
    scopes.close_waits(run, token.waits)
    token.waits = ()
    if token.inner:
        scopes.close_inner(run, token)


def _depart(run: Run, token: Token, node: NodePlan) -> None:
    if token.link:
        del run.tokens[token.number]
        compensation.handler_done(run, token)
    elif run.onward and token.number in run.onward:
        flows.go_to(run, token, run.onward.pop(token.number))
    else:
        flows.leave(run, token, node)
