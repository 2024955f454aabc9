"""Something failed at a node: its token stays there and waits for somebody to mend it. The other branches go on.

The token's phase says at which stage it failed, hence where a retry goes on.
"""

from engine import errors, facts
from engine.kernel import scopes, waits
from engine.kernel.run import COMPLETE, ENTER, ERRAND, LEAVE, Run
from engine.kernel.state import (
    BEFORE,
    BODY,
    ENTERING,
    FAILED_ARM,
    FAILED_COMPLETE,
    FAILED_ENTER,
    FAILED_LEAVE,
    FAILED_PERFORM,
    HELD,
    INCIDENT,
    LINGERING,
    WAITING,
    Open,
    Token,
)
from engine.model.text import Text

STOPS = (errors.Invalid, errors.NotFound)
"""What a failing expression, script, decision or missing process raises."""

__all__ = ["STOPS", "raise_incident", "retry", "skip", "stage", "stop"]


def stop(run: Run, number: int, phase: int, error: errors.CrmflowError) -> None:
    """Token ``number`` failed at the stage that ``phase`` names."""
    if phase == FAILED_ENTER:
        _undo_enter(run, number)
    raise_incident(run, number, phase, error.code, error.text)


def stage(token: Token) -> int:
    """At which stage a token fails whose job or work item came to grief."""
    if token.phase == BEFORE:
        return FAILED_ENTER
    return token.phase if token.phase >= ENTERING else FAILED_PERFORM


def raise_incident(
    run: Run, number: int, phase: int, code: str, message: Text, job: int = 0, *, errand: int = 0
) -> None:
    token = run.own_token(number)
    token.phase = phase
    node = run.node_of(token)
    wait = run.number()
    token.waits = (*token.waits, wait)
    run.open(
        Open(INCIDENT, token.scope, number, node.index, errand, name=code),
        waits.Incident(
            id=wait,
            node=node.id,
            scope=token.scope,
            path=run.path(token.scope),
            token=number,
            code=code,
            message=message,
            retries_wait=job,
        ),
    )
    run.facts.append(facts.IncidentRaised(node=node.id, scope=token.scope, incident=wait, code=code, message=message))


def retry(run: Run, wait: int) -> None:
    """Go on where it failed."""
    kept = run.waits.get(wait)
    token = _resolved(run, wait, "retried")
    node = run.node_of(token)
    if kept is not None and token.phase >= ENTERING:
        run.agenda.append((ERRAND, token.number, kept.trigger))
        return
    phase, token.phase = token.phase, WAITING
    if phase == FAILED_ENTER:
        token.phase = BEFORE
        run.agenda.append((ENTER, token.number, 0))
    elif phase == FAILED_COMPLETE:
        run.agenda.append((COMPLETE, token.number, 0))
    elif phase == FAILED_LEAVE:
        run.agenda.append((LEAVE, token.number, 0))
    elif phase in (FAILED_ARM, LINGERING):
        node.finished(run, token, node)
    else:
        try:
            node.perform(run, token, node)
        except STOPS as error:
            stop(run, token.number, FAILED_PERFORM, error)
    _release(run, token.number)


def skip(run: Run, wait: int) -> None:
    """Pass the node as if it had done its work, or its errand. At a gateway no flow is guessed: refused."""
    kept = run.waits.get(wait)
    token = _resolved(run, wait, "skipped")
    node = run.node_of(token)
    if kept is not None and token.phase >= ENTERING:
        run.agenda.append((ERRAND, token.number, kept.trigger + 1))
    elif token.phase == FAILED_ARM:
        scopes.drop(run, token)
    elif token.phase == FAILED_LEAVE or not node.outgoing:
        _leave_anyhow(run, token.number)
    elif node.kind.endswith("Gateway"):
        raise errors.Conflict(
            "skip_gateway",
            zh=f"网关 {node.id} 不能跳过：请修正数据后重试，或移动令牌",
            en=f"gateway {node.id} cannot be skipped: mend the data and retry, or move the token",
            node=node.id,
        )
    else:
        token.phase = WAITING
        run.agenda.append((LEAVE, token.number, 1))
    _release(run, token.number)


def _leave_anyhow(run: Run, number: int) -> None:
    token = run.tokens[number]
    node = run.node_of(token)
    if node.outgoing:
        raise errors.Conflict(
            "skip_leave",
            zh=f"{node.id} 没有可走的流，不能跳过：请修正数据后重试，或移动令牌",
            en=f"no flow leaves {node.id}, so it cannot be skipped: mend the data and retry, or move the token",
            node=node.id,
        )
    run.own_token(number).phase = WAITING
    run.agenda.append((LEAVE, number, 1))


def _resolved(run: Run, wait: int, how: str) -> Token:
    kept = run.waits.get(wait)
    if kept is None or kept.kind != INCIDENT:
        raise errors.Conflict(
            "incident_gone",
            zh=f"故障 {wait} 已不存在",
            en=f"expected to resolve incident {wait}, but it is not open",
            incident=wait,
        )
    run.close(wait)
    token = run.own_token(kept.token)
    token.waits = tuple(number for number in token.waits if number != wait)
    node = run.node_of(token)
    run.facts.append(facts.IncidentResolved(node=node.id, scope=token.scope, incident=wait, how=how))
    return token


def _release(run: Run, number: int) -> None:
    """Those that were stopped together with it go on too."""
    for other in [token.number for token in run.tokens.values() if token.phase == HELD and token.link == number]:
        token = run.own_token(other)
        token.phase, token.link = BEFORE, 0
        run.agenda.insert(0, (ENTER, other, 0))


def _undo_enter(run: Run, number: int) -> None:
    """Nothing is left of a failed entering, so that it can be entered again; an instance keeps its loop variables."""
    token = run.own_token(number)
    for wait in [wait for wait, kept in run.waits.items() if kept.token == number]:
        run.close(wait)
    token.waits = ()
    if token.inner and run.scopes[token.scope].kind != BODY:
        scopes.close_inner(run, token)
