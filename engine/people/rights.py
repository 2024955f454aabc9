"""What each role may do: one table, read by pages, use cases and tests alike.

``staff`` sees the cases it takes part in (scope.py narrows the rows); the other roles see every case. Who has
``case.hold`` holds those that they work on (inbox/holding.py), who has ``case.cancel`` any.
"""

from typing import Literal, get_args

from engine import errors
from engine.people.agent import Agent, Role

Action = Literal[
    "task.work",
    "case.start",
    "case.see",
    "case.see_all",
    "case.variables",
    "case.hold",
    "case.cancel",
    "case.modify",
    "case.migrate",
    "message.send",
    "job.work",
    "incident.mend",
    "customer.see",
    "customer.change",
    "group.decide",
    "process.see",
    "process.draw",
    "process.release",
    "matrix.see",
    "variant.edit",
    "variant.approve",
    "people.manage",
    "calendar.edit",
    "operations.see",
    "outside.manage",
    "api.use",
]
ACTIONS: tuple[Action, ...] = get_args(Action)

TABLE: dict[Role, frozenset[Action]] = {
    "staff": frozenset(
        {
            "task.work",
            "case.start",
            "case.see",
            "case.hold",
            "customer.see",
            "customer.change",
            "process.see",
            "api.use",
        }
    ),
    "designer": frozenset(
        {
            "task.work",
            "case.start",
            "case.see",
            "case.see_all",
            "case.variables",
            "case.hold",
            "message.send",
            "customer.see",
            "process.see",
            "process.draw",
            "process.release",
            "matrix.see",
            "variant.edit",
            "variant.approve",
            "api.use",
        }
    ),
    "admin": frozenset(ACTIONS),
    "integrator": frozenset(
        {
            "case.start",
            "case.see",
            "case.see_all",
            "case.variables",
            "message.send",
            "job.work",
            "customer.see",
            "customer.change",
            "process.see",
            "api.use",
        }
    ),
}


def may(agent: Agent, action: Action) -> bool:
    return any(action in TABLE[role] for role in agent.roles)


def need(agent: Agent, action: Action) -> None:
    """Raises Forbidden, naming the roles that could."""
    if may(agent, action):
        return
    able = [role for role, actions in TABLE.items() if action in actions]
    raise errors.Forbidden(
        "right_missing",
        zh=f"此操作需要以下角色之一：{'、'.join(ROLE_NAMES[role]['zh-CN'] for role in able)}。",
        en=f"This needs one of these roles: {', '.join(ROLE_NAMES[role]['en'] for role in able)}.",
        action=action,
        agent=agent.key,
    )


ROLE_NAMES: dict[Role, dict[str, str]] = {
    "staff": {"zh-CN": "业务人员", "en": "Staff"},
    "designer": {"zh-CN": "流程设计", "en": "Designer"},
    "admin": {"zh-CN": "管理员", "en": "Administrator"},
    "integrator": {"zh-CN": "系统集成", "en": "Integration"},
}
