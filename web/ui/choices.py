"""What the fields of a change can be: steps, ways, places, forms, people ... of a program, by their names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.definitions.process import Definition
from engine.inbox import assign
from engine.model import nodes, triggers
from engine.model.program import Flow, Program
from engine.people import groups
from web.ui import known, language, visitor

Option = tuple[str, str]
CHANNELS = ("desk", "email", "sms", "phone", "wechat", "letter")
UNITS = ("minutes", "hours", "days")
ACCOUNT_MANAGER = "=customer.owner"


@dataclass(frozen=True)
class Bench:
    """A variant's program as it stands now, and what its owner says about it."""

    program: Program
    definition: Definition | None

    def name(self, node_id: str) -> str:
        node = next((one for one in self.program.nodes if one.id == node_id), None)
        return named(node) if node else node_id

    def leaving(self, node_id: str) -> list[Flow]:
        return [flow for flow in self.program.flows if flow.source == node_id]


Source = Callable[[Bench], list[Option]]


def named(part: nodes.AnyNode | Flow) -> str:
    return language.said(part.texts, part.name) or part.id


def _steps(bench: Bench, *wanted: type[nodes.Node]) -> Iterator[nodes.AnyNode]:
    return (node for node in bench.program.nodes if isinstance(node, wanted))


def _listed(found: Iterator[nodes.AnyNode]) -> list[Option]:
    return [(node.id, named(node)) for node in found]


def activities(bench: Bench) -> list[Option]:
    return _listed(_steps(bench, nodes.Activity))


def tasks(bench: Bench) -> list[Option]:
    """What a person does."""
    return _listed(_steps(bench, nodes.UserTask))


def automatic(bench: Bench) -> list[Option]:
    """What the system does in one step."""
    return _listed(_steps(bench, nodes.ServiceTask, nodes.SendTask, nodes.ScriptTask, nodes.BusinessRuleTask))


def notices(bench: Bench) -> list[Option]:
    """Steps that send something."""
    found = _steps(bench, nodes.Activity)
    return _listed(one for one in found if getattr(getattr(one, "work", None), "handler", "") == "notify")


def services(bench: Bench) -> list[Option]:
    return _listed(_steps(bench, nodes.ServiceTask, nodes.SendTask))


def ruled(bench: Bench) -> list[Option]:
    return _listed(_steps(bench, nodes.BusinessRuleTask))


def timed(bench: Bench) -> list[Option]:
    found = _steps(bench, nodes.Event)
    return _listed(
        one for one in found if any(isinstance(item, triggers.Timer) for item in getattr(one, "triggers", ()))
    )


def movable(bench: Bench) -> list[Option]:
    """Activities and catching events: what can go somewhere else."""
    return _listed(_steps(bench, nodes.Activity, nodes.CatchEvent))


def ways(bench: Bench) -> list[Option]:
    """Where a choice is made: each way out, by where it leads."""
    choosing = _steps(bench, nodes.ExclusiveGateway, nodes.InclusiveGateway, nodes.Activity)
    return [
        (flow.id, _way(bench, flow))
        for node in choosing
        if len(bench.leaving(node.id)) > 1
        for flow in bench.leaving(node.id)
    ]


def places(bench: Bench) -> list[Option]:
    """Behind each step that has one way out; on each way where there are several."""
    found: list[Option] = []
    for node in bench.program.nodes:
        out = bench.leaving(node.id)
        if len(out) == 1 and not isinstance(node, nodes.Gateway | nodes.BoundaryEvent):
            found.append((f"after:{node.id}", language.t("change.place_after", step=named(node))))
        else:
            found += [(f"on:{flow.id}", _way(bench, flow)) for flow in out]
    return found


def branching(bench: Bench) -> list[Option]:
    """After what another way can begin: choices, and steps with one way out."""
    found = _steps(bench, nodes.Activity, nodes.ExclusiveGateway, nodes.InclusiveGateway)
    return _listed(one for one in found if len(bench.leaving(one.id)) > (1 if isinstance(one, nodes.Gateway) else 0))


def goals(bench: Bench) -> list[Option]:
    return _listed(_steps(bench, nodes.Activity, nodes.CatchEvent, nodes.EndEvent))


def forms(bench: Bench) -> list[Option]:
    found = bench.program.forms
    return [
        (key, language.said(found[key].get("x-title", {}), found[key].get("title", "")) or key) for key in sorted(found)
    ]


def decisions(bench: Bench) -> list[Option]:
    return [(key, key.replace("_", " ")) for key in sorted(bench.program.decisions)]


def handlers(bench: Bench) -> list[Option]:
    return [(key, key) for key in sorted(visitor.engine().handlers)]


def parameters(bench: Bench) -> list[Option]:
    said = bench.definition.parameters if bench.definition else {}
    return [
        (key, f"{language.said(said[key].names, key) if key in said else key} ({value})")
        for key, value in bench.program.parameters.items()
    ]


def staff(bench: Bench) -> list[Option]:
    return sorted(groups.names(visitor.engine(), language.locale()).items(), key=lambda pair: pair[1])


def people(bench: Bench) -> list[Option]:
    return [(ACCOUNT_MANAGER, language.t("change.account_manager")), *known.Lookups().people("")]


def rules(bench: Bench) -> list[Option]:
    return [(key, language.t(f"change.rule_{key}")) for key in assign.RULES]


def channels(bench: Bench) -> list[Option]:
    return [(key, language.t(f"change.channel_{key}")) for key in CHANNELS]


def units(bench: Bench) -> list[Option]:
    return [(key, language.t(f"change.unit_{key}")) for key in UNITS]


def calendars(bench: Bench) -> list[Option]:
    return [(key, key) for key in sorted(visitor.engine().calendars)]


def promised(bench: Bench) -> list[Option]:
    """``*`` stands for every step that promises something."""
    found = (node for node in _steps(bench, nodes.Activity) if getattr(node, "promise", None) is not None)
    return [("*", language.t("change.all_steps")), *_listed(found)]


def _way(bench: Bench, flow: Flow) -> str:
    label = language.said(flow.texts, flow.name)
    between = language.t("change.place_on", source=bench.name(flow.source), target=bench.name(flow.target))
    return f"{between} ({label})" if label else between
