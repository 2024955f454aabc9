"""A tidy drawing for what has no place yet: layers from left to right, sub-processes from the inside out.

A program without any drawing is laid out whole. In one that is drawn already, a new node gets a place behind the one
that leads to it, what lies to the right of it moves over with its edges, and new edges go around what is there. Sizes
and gaps are those of bpmn-js, in pixels.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

from engine.bpmn import layers, routes
from engine.bpmn.routes import Point
from engine.model import nodes
from engine.model.program import Bounds, Diagram, Flow, Program

EVENT, GATEWAY, TASK = (36.0, 36.0), (50.0, 50.0), (100.0, 80.0)
HOLDER = (20.0, 20.0)
"""Room for a flow that passes by."""
DATA, NOTE = (36.0, 50.0), (100.0, 50.0)
GAP_X, GAP_Y, MARGIN = 60.0, 40.0, 40.0
LARGEST = 300
"""Nodes of a drawing in which new edges are led around: each looks at everything that is drawn."""


def complete(program: Program) -> Diagram:
    """The program's drawing with every node, flow and artifact in it; what nobody knows any more is left out."""
    shapes = dict(program.diagram.shapes)
    expanded = set(program.diagram.expanded)
    plan = _Plan(program, shapes, expanded)
    plan.place()
    known = plan.known()
    shapes = {key: bounds for key, bounds in shapes.items() if key in known}
    edges = {key: points for key, points in plan.edges.items() if key in known}
    for key, source, target in plan.connections():
        if key not in edges and source in shapes and target in shapes:
            edges[key] = plan.way(key, source, target, edges)
    drawn = program.diagram
    labels = {key: place for key, place in plan.labels.items() if key in drawn.shapes or key in drawn.edges}
    return Diagram(
        shapes=shapes,
        edges=edges,
        labels={key: place for key, place in labels.items() if key in known},
        expanded=tuple(key for key in (*drawn.expanded, *sorted(expanded - set(drawn.expanded))) if key in known),
        artifacts=drawn.artifacts,
        pool=drawn.pool,
        pool_name=drawn.pool_name,
    )


class _Plan:
    def __init__(self, program: Program, shapes: dict[str, Bounds], expanded: set[str]) -> None:
        self.program = program
        self.shapes = shapes
        self.expanded = expanded
        self.edges = dict(program.diagram.edges)
        self.labels = dict(program.diagram.labels)
        self.ends = {key: (source, target) for key, source, target in self.connections()}
        self.ways: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
        """Of flows that pass over columns: (from x, to x, y) through each of them."""
        self.inside: dict[str, list[nodes.AnyNode]] = {}
        self.hosts = {node.id: node.attached_to for node in program.nodes if isinstance(node, nodes.BoundaryEvent)}
        self.links: dict[str, list[Flow]] = {}
        self.scopes = scopes = {node.id: node.scope for node in program.nodes}
        self.flows = {flow.id: flow for flow in program.flows}
        self.drawn = any(node.id in shapes for node in program.nodes)
        for node in program.nodes:
            self.inside.setdefault(node.scope, []).append(node)
        self.holders = {*self.inside, program.diagram.pool, *(lane.id for lane in program.lanes)}
        """Sub-processes, lanes and the pool: they grow wider where something inside moves over."""
        self.sources: dict[str, list[str]] = {}
        self.targets: dict[str, list[str]] = {}
        for flow in program.flows:
            self.sources.setdefault(flow.target, []).append(flow.source)
            self.targets.setdefault(flow.source, []).append(flow.target)
            if scopes.get(flow.source) == scopes.get(flow.target, "?"):
                self.links.setdefault(scopes[flow.source], []).append(flow)

    def host_of(self, key: str) -> str:
        """The activity that a boundary event sits on; empty for anything else."""
        return self.hosts.get(key, "")

    def known(self) -> set[str]:
        drawn = self.program.diagram
        parts = (*self.program.nodes, *self.program.flows, *self.program.lanes, *self.program.data, *drawn.artifacts)
        return {part.id for part in parts} | {drawn.pool} | {key for key, _, _ in self.connections()}

    def connections(self) -> Iterable[tuple[str, str, str]]:
        for flow in self.program.flows:
            yield flow.id, flow.source, flow.target
        for node in self.program.nodes:
            if isinstance(node, nodes.BoundaryEvent) and node.compensation_handler:
                yield f"{node.id}_{node.compensation_handler}", node.id, node.compensation_handler
        for note in self.program.diagram.artifacts:
            if note.kind == "association":
                yield note.id, note.source, note.target

    def place(self) -> None:
        missing = [node for node in self.program.nodes if node.id not in self.shapes]
        if not self.drawn:
            self._whole("", MARGIN * 3, MARGIN * 2)
            missing = []
        while missing:
            node = self._next(missing)
            missing.remove(node)
            if node.id not in self.shapes:  # a sub-process brings what it holds
                self._insert(node)
        self._data()

    def way(self, key: str, source: str, target: str, edges: Mapping[str, tuple[Point, ...]]) -> tuple[Point, ...]:
        """Of an edge that nobody has drawn; around what lies between, where it is a flow."""
        host, ends = self.host_of(source), (self.shapes[source], self.shapes[target])
        first = routes.route(*ends, ways=self.ways.get((host or source, target), []), downwards=bool(host))
        flow = self.flows.get(key)
        if flow is None or not self.drawn or len(self.program.nodes) > LARGEST:
            return first
        obstacles = [
            self.shapes[node.id]
            for node in self.inside.get(self.scopes[source], ())
            if node.id in self.shapes and node.id != source and not isinstance(node, nodes.BoundaryEvent)
        ]
        obstacles += [] if host else [ends[0]]
        others = [
            points
            for other, points in edges.items()
            if other in self.flows and self.flows[other].source != source and self.flows[other].target != target
        ]
        return routes.around(*ends, first=first, shapes=obstacles, edges=others, downwards=bool(host))

    def _flows(self, scope: str) -> list[Flow]:
        return self.links.get(scope, [])

    def _whole(self, scope: str, left: float, top: float) -> tuple[float, float]:
        """Lay out a scope with its corner at (left, top); returns its width and height."""
        members = [node for node in self.inside.get(scope, ()) if not isinstance(node, nodes.BoundaryEvent)]
        boundaries = [node for node in self.inside.get(scope, ()) if isinstance(node, nodes.BoundaryEvent)]
        sizes = {node.id: self._size(node) for node in members}
        hosts = {event.id: event.attached_to for event in boundaries}
        links = [(hosts.get(flow.source, flow.source), flow.target) for flow in self._flows(scope)]
        links += [(event.attached_to, event.compensation_handler) for event in boundaries if event.compensation_handler]
        real = layers.columns([node.id for node in members], links)
        columns, chains, bends = layers.stretch(real, links)
        exits = frozenset(flow.target for flow in self._flows(scope) if flow.source in hosts)
        rows = layers.rows(columns, chains, below=exits)
        heights = [max((sizes.get(key, HOLDER)[1] for key in row), default=HOLDER[1]) for row in rows.by_row]
        lanes: dict[str, tuple[float, float, float]] = {}
        x = left
        width = height = 0.0
        for column in columns:
            wide = max(sizes.get(key, HOLDER)[0] for key in column)
            for key in column:
                w, h = sizes.get(key, HOLDER)
                row = rows.of[key]
                y = top + sum(heights[:row]) + GAP_Y * row + (heights[row] - h) / 2
                if key in sizes:
                    self._put(key, x + (wide - w) / 2, y, (w, h))
                else:
                    lanes[key] = (x - GAP_X / 2, x + wide + GAP_X / 2, round(y + h / 2))
                height = max(height, y + h - top)
            width = x + wide - left
            x += wide + GAP_X
        for link, holders in bends.items():
            self.ways[link] = [lanes[holder] for holder in holders]
        self._boundaries(boundaries)
        return width, height + (EVENT[1] / 2 if boundaries else 0)

    def _put(self, key: str, x: float, y: float, size: tuple[float, float]) -> None:
        self.shapes[key] = Bounds(round(x), round(y), size[0], size[1])
        if key in self.inside:
            self._whole(key, round(x) + MARGIN, round(y) + MARGIN)

    def _size(self, node: nodes.AnyNode) -> tuple[float, float]:
        if isinstance(node, nodes.SubProcess) and self.inside.get(node.id):
            self.expanded.add(node.id)
            width, height = self._whole(node.id, 0, 0)
            return max(width + 2 * MARGIN, TASK[0]), max(height + 2 * MARGIN, TASK[1])
        if isinstance(node, nodes.Event):
            return EVENT
        return GATEWAY if isinstance(node, nodes.Gateway) else TASK

    def _boundaries(self, events: list[nodes.BoundaryEvent]) -> None:
        """On the lower edge of their host, from right to left."""
        count: dict[str, int] = {}
        for event in events:
            host = self.shapes.get(event.attached_to)
            if host is None:
                continue
            number = count[event.attached_to] = count.get(event.attached_to, 0) + 1
            x = host.x + host.width - EVENT[0] / 2 - number * (EVENT[0] + 4) + 20
            self.shapes[event.id] = Bounds(max(x, host.x - EVENT[0] / 2), host.y + host.height - EVENT[1] / 2, *EVENT)

    def _insert(self, node: nodes.AnyNode) -> None:
        """A place for one new node in a drawing that stands."""
        if isinstance(node, nodes.BoundaryEvent):
            self._boundaries([node])
            return
        size = self._size(node)
        before = self._before(node)
        after = next(iter(self._beside(node, source=False)), None)
        if before is None and after is None:
            bottom = max((b.y + b.height for b in self._scope_shapes(node.scope)), default=MARGIN)
            left = min((b.x for b in self._scope_shapes(node.scope)), default=MARGIN)
            self._put(node.id, left, bottom + GAP_Y, size)
            return
        anchor = before or after
        assert anchor is not None
        x = before.x + before.width + GAP_X if before is not None else anchor.x
        y = anchor.y + anchor.height / 2 - size[1] / 2
        self._make_room(node, x, size[0] + GAP_X)
        self._put(node.id, x, self._free_row(node, x, y, size), size)

    def _next(self, missing: Sequence[nodes.AnyNode]) -> nodes.AnyNode:
        """First what follows only what has its place, then what touches something that has."""
        ready = (
            node for node in missing if len(self._beside(node, source=True)) == len(self.sources.get(node.id, ())) > 0
        )
        near = (node for source in (True, False) for node in missing if self._beside(node, source=source))
        return next(itertools.chain(ready, near), missing[0])

    def _before(self, node: nodes.AnyNode) -> Bounds | None:
        """The last of those that lead to it from the left of what it leads to; what leads back stands to the right."""
        sources = self._beside(node, source=True)
        limit = min((b.x for b in self._beside(node, source=False)), default=math.inf)
        return max((b for b in sources if b.x < limit), key=lambda b: b.x, default=next(iter(sources), None))

    def _beside(self, node: nodes.AnyNode, *, source: bool) -> list[Bounds]:
        """Where those stand that lead to it, or to which it leads."""
        others = (self.sources if source else self.targets).get(node.id, ())
        return [self.shapes[other] for other in others if other in self.shapes]

    def _scope_shapes(self, scope: str) -> list[Bounds]:
        return [self.shapes[node.id] for node in self.inside.get(scope, ()) if node.id in self.shapes]

    def _make_room(self, node: nodes.AnyNode, x: float, width: float) -> None:
        """Move everything of the drawing that begins at ``x`` or later, and widen what reaches over it."""
        right = [b for b in self._scope_shapes(node.scope) if b.x >= x - GAP_X / 2]
        if not any(b.x < x + width for b in right):
            return
        border = x - GAP_X / 2
        moved = {key for key, b in self.shapes.items() if b.x >= border}
        for event, host in self.hosts.items():  # it goes with its host
            if host in self.shapes and event in self.shapes:
                (moved.add if host in moved else moved.discard)(event)
        wider = {key for key in self.holders & self.shapes.keys() - moved if self._reaches(key, x)}
        for key, points in self.edges.items():
            over = [point[0] >= border for point in points]
            for end, side in zip(self.ends.get(key, ()), (1, -1), strict=False):
                if end not in wider:
                    _follow(points[::side], over, side, end in moved)
            self.edges[key] = tuple((px + width * far, py) for (px, py), far in zip(points, over, strict=True))
        for key, label in self.labels.items():
            if key in moved or (key in self.edges and label.x + label.width / 2 >= border):
                self.labels[key] = _shifted(label, width)
        for key in moved:
            self.shapes[key] = _shifted(self.shapes[key], width)
        for key in wider:
            b = self.shapes[key]
            self.shapes[key] = Bounds(b.x, b.y, b.width + width, b.height)

    def _reaches(self, key: str, x: float) -> bool:
        return self.shapes[key].x + self.shapes[key].width > x

    def _free_row(self, node: nodes.AnyNode, x: float, y: float, size: tuple[float, float]) -> float:
        """The first place downwards where no shape of the scope lies, and no flow runs."""
        taken = self._scope_shapes(node.scope) + [
            Bounds(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
            for key, points in self.edges.items()
            if key in self.flows and self.scopes[self.flows[key].source] == node.scope
            for (ax, ay), (bx, by) in itertools.pairwise(points)
        ]
        while any(b.x < x + size[0] and x < b.x + b.width and b.y < y + size[1] and y < b.y + b.height for b in taken):
            y += GAP_Y
        return y

    def _data(self) -> None:
        """Data and annotations without a place stand in a row below the drawing."""
        bottom = max((b.y + b.height for b in self.shapes.values()), default=MARGIN) + GAP_Y
        x = min((b.x for b in self.shapes.values()), default=MARGIN)
        drawn = ("dataObjectReference", "dataStoreReference")
        loose = [(item.id, DATA) for item in self.program.data if item.kind in drawn]
        loose += [(note.id, NOTE) for note in self.program.diagram.artifacts if note.kind != "association"]
        for key, size in loose:
            if key not in self.shapes:
                self.shapes[key] = Bounds(x, bottom, *size)
                x += size[0] + GAP_X


def _shifted(place: Bounds, width: float) -> Bounds:
    return Bounds(place.x + width, place.y, place.width, place.height)


def _follow(points: Sequence[Point], over: list[bool], side: int, moved: bool) -> None:
    """An upright stretch at an end of an edge goes where the shape goes that it is fixed to."""
    for number, point in enumerate(points):
        if point[0] != points[0][0]:
            return
        over[number if side > 0 else -1 - number] = moved
