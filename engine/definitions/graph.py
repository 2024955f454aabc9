"""A program's nodes and flows, looked up: what the rules walk over."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from engine.model import nodes, program, triggers


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What lies outside the program and must fit: None means that it is not known and not asked about."""

    processes: frozenset[str] | None = None
    """Keys of the processes that can be called."""
    decisions: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    """Keys of forms that lie beside the process, in addition to the program's own."""
    groups: frozenset[str] | None = None
    """Keys of staff groups: a lane without one, and without performers, is nobody's."""
    calendars: frozenset[str] | None = None


class Graph:
    def __init__(self, source: program.Program, surroundings: Surroundings | None = None) -> None:
        self.program = source
        self.surroundings = surroundings or Surroundings()
        self.nodes: dict[str, nodes.Node] = {}
        self._inside: dict[str, list[nodes.Node]] = {}
        for node in source.nodes:
            self.nodes.setdefault(node.id, node)
            self._inside.setdefault(node.scope, []).append(node)
        self._out: dict[str, list[program.Flow]] = {}
        self._in: dict[str, list[program.Flow]] = {}
        for flow in source.flows:
            self._out.setdefault(flow.source, []).append(flow)
            self._in.setdefault(flow.target, []).append(flow)

    def outgoing(self, node: nodes.Node) -> list[program.Flow]:
        return self._out.get(node.id, [])

    def incoming(self, node: nodes.Node) -> list[program.Flow]:
        return self._in.get(node.id, [])

    def within(self, scope: str) -> list[nodes.Node]:
        return self._inside.get(scope, [])

    def of(self, *kinds: type[nodes.Node]) -> Iterator[nodes.Node]:
        return (node for node in self.program.nodes if isinstance(node, kinds))

    def sub_process(self, node: nodes.Node) -> nodes.SubProcess | None:
        holder = self.nodes.get(node.scope)
        return holder if isinstance(holder, nodes.SubProcess) else None

    def compensating(self, node: nodes.Node) -> bool:
        return isinstance(node, nodes.Activity) and node.for_compensation

    def kinds(self, event: nodes.Event) -> set[str]:
        """``message``, ``timer`` ... of its triggers."""
        return {str(trigger.__struct_config__.tag) for trigger in event.triggers}

    def reached(self) -> set[str]:
        """Ids that a token can come to: from starts, along flows, links, boundary events and into sub-processes."""
        jumps = self._jumps()
        found: set[str] = set()
        waiting = deque(self._entries(""))
        while waiting:
            node = waiting.popleft()
            if node.id in found:
                continue
            found.add(node.id)
            waiting.extend(self.nodes[flow.target] for flow in self.outgoing(node) if flow.target in self.nodes)
            waiting.extend(jumps.get(node.id, ()))
            if isinstance(node, nodes.SubProcess):
                waiting.extend(self._entries(node.id))
        return found

    def _entries(self, scope: str) -> Iterable[nodes.Node]:
        """Where tokens begin in a scope: start events, or what has no incoming flow when there are none."""
        inside = self.within(scope)
        starts = [node for node in inside if isinstance(node, nodes.StartEvent) or _instantiates(node)]
        holder = self.nodes.get(scope)
        loose = isinstance(holder, nodes.SubProcess) and holder.variety == "adHoc"
        if loose or not starts:
            starts = [*starts, *(node for node in inside if not self.incoming(node) and self._ordinary(node))]
        event_driven = [node for node in inside if isinstance(node, nodes.SubProcess) and node.variety == "event"]
        return (*starts, *event_driven)

    def _ordinary(self, node: nodes.Node) -> bool:
        return not isinstance(node, nodes.BoundaryEvent) and not self.compensating(node) and not self.arrives(node)

    def arrives(self, node: nodes.Node) -> bool:
        """A catching link: reached by its name."""
        return isinstance(node, nodes.CatchEvent) and "link" in self.kinds(node)

    def _jumps(self) -> Mapping[str, list[nodes.Node]]:
        """Other ways than flows: boundary events from their hosts, handlers, links by name and scope."""
        found: dict[str, list[nodes.Node]] = {}
        catching: dict[tuple[str, str], list[nodes.Node]] = {}
        for node in self.of(nodes.CatchEvent):
            for name in links(node):
                catching.setdefault((node.scope, name), []).append(node)
        for node in self.program.nodes:
            if isinstance(node, nodes.BoundaryEvent):
                found.setdefault(node.attached_to, []).append(node)
                if node.compensation_handler in self.nodes:
                    found.setdefault(node.id, []).append(self.nodes[node.compensation_handler])
            elif isinstance(node, nodes.ThrowEvent):
                for name in links(node):
                    found.setdefault(node.id, []).extend(catching.get((node.scope, name), ()))
        return found


def links(event: nodes.Node) -> list[str]:
    """The names of an event's links."""
    found = event.triggers if isinstance(event, nodes.Event) else ()
    return [trigger.name for trigger in found if isinstance(trigger, triggers.Link)]


def _instantiates(node: nodes.Node) -> bool:
    return isinstance(node, nodes.ReceiveTask | nodes.EventBasedGateway) and node.instantiate
