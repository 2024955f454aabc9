"""Business rule task: a decision of the program, evaluated inside the step; or a vendor's rule as a job.

Its value goes to ``result``; without that an object's keys become variables, and any other value the variable named
like the decision. ``result_shape`` is what Camunda calls mapDecisionResult.
"""

from collections.abc import Mapping
from typing import Any

from engine import errors, facts
from engine.kernel import activity, expressions, job, service_task, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import Run
from engine.kernel.state import Token

resume = service_task.resume


def perform(run: Run, token: Token, node: NodePlan) -> None:
    model = node.model
    if not model.decision and model.decided_by is None:
        job.create(run, token, node, model.work)
        return
    scope = token.inner or token.scope
    key = model.decision if model.decided_by is None else expressions.text(run, model.decided_by, scope) or ""
    decisions = run.plan_of(run.scopes[token.scope]).program.decisions
    if key not in decisions:
        raise errors.NotFound(
            "decision_missing",
            zh=f"{node.id} 使用的决策“{key}”不在流程中",
            en=f"the decision {key!r} that {node.id} uses is not part of the process",
            decision=key,
        )
    found, rules = run.evaluator.decide(decisions[key], key, variables.view(run, scope), run.now)
    run.facts.append(facts.DecisionMade(node=node.id, scope=token.scope, decision=key, result=found, rules=rules))
    value = shaped(found, model.result_shape)
    if model.result:
        variables.assign(run, scope, {model.result: value}, node.id)
    elif isinstance(value, Mapping):
        variables.assign(run, scope, value, node.id)
    else:
        variables.assign(run, scope, {key: value}, node.id)
    activity.complete(run, token, node)


def shaped(value: Any, shape: str) -> Any:
    if not shape:
        return value
    many = value if isinstance(value, list) else [] if value is None else [value]
    if shape == "resultList":
        return many
    if shape == "collectEntries":
        return [_entry(item) for item in many]
    one = many[0] if len(many) == 1 else value if many else None
    return _entry(one) if shape == "singleEntry" else one


def _entry(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, Mapping) and len(value) == 1 else value
