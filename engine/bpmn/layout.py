"""A tidy drawing for what has no place yet: layers from left to right, sub-processes from the inside out.

A program without any drawing is laid out whole. In one that is drawn already, a new node gets a place behind the one
that leads to it, and what lies to the right of it moves over. Sizes and gaps are those of bpmn-js, in pixels.
"""

from collections.abc import Iterable

from engine.bpmn import layers
from engine.bpmn.routes import route
from engine.model import nodes
from engine.model.program import Bounds, Diagram, Flow, Program

EVENT, GATEWAY, TASK = (36.0, 36.0), (50.0, 50.0), (100.0, 80.0)
HOLDER = (20.0, 20.0)
"""Room for a flow that passes by."""
DATA, NOTE = (36.0, 50.0), (100.0, 50.0)
GAP_X, GAP_Y, MARGIN = 60.0, 40.0, 40.0


def complete(program: Program) -> Diagram:
    """The program's drawing with every node, flow and artifact in it; what nobody knows any more is left out."""
    shapes = dict(program.diagram.shapes)
    expanded = set(program.diagram.expanded)
    plan = _Plan(program, shapes, expanded)
    plan.place()
    known = plan.known()
    shapes = {key: bounds for key, bounds in shapes.items() if key in known}
    edges = {key: points for key, points in program.diagram.edges.items() if key in known and not plan.moved}
    for key, source, target in plan.connections():
        if key not in edges and source in shapes and target in shapes:
            boundary = plan.host_of(source)
            edges[key] = route(
                shapes[source],
                shapes[target],
                ways=plan.ways.get((boundary or source, target), []),
                downwards=bool(boundary),
            )
    drawn = program.diagram
    return Diagram(
        shapes=shapes,
        edges=edges,
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
        self.moved = False
        """Whether drawn shapes moved: their edges are then drawn anew."""
        self.ways: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
        """Of flows that pass over columns: (from x, to x, y) through each of them."""
        self.inside: dict[str, list[nodes.AnyNode]] = {}
        self.hosts = {node.id: node.attached_to for node in program.nodes if isinstance(node, nodes.BoundaryEvent)}
        self.links: dict[str, list[Flow]] = {}
        scopes = {node.id: node.scope for node in program.nodes}
        for node in program.nodes:
            self.inside.setdefault(node.scope, []).append(node)
        for flow in program.flows:
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
        if not any(node.id in self.shapes for node in self.program.nodes):
            self._whole("", MARGIN * 3, MARGIN * 2)
        else:
            for node in self.program.nodes:
                if node.id not in self.shapes:
                    self._insert(node)
        self._data()

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
        before = self._neighbour(node, source=True)
        after = self._neighbour(node, source=False)
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

    def _neighbour(self, node: nodes.AnyNode, *, source: bool) -> Bounds | None:
        for flow in self.program.flows:
            mine, other = (flow.target, flow.source) if source else (flow.source, flow.target)
            if mine == node.id and other in self.shapes:
                return self.shapes[other]
        return None

    def _scope_shapes(self, scope: str) -> list[Bounds]:
        return [self.shapes[node.id] for node in self.inside.get(scope, ()) if node.id in self.shapes]

    def _make_room(self, node: nodes.AnyNode, x: float, width: float) -> None:
        """Move everything of the drawing that begins at ``x`` or later, and widen what reaches over it."""
        right = [b for b in self._scope_shapes(node.scope) if b.x >= x - GAP_X / 2]
        if not any(b.x < x + width for b in right):
            return
        self.moved = True
        for key, b in list(self.shapes.items()):
            if b.x >= x - GAP_X / 2:
                self.shapes[key] = Bounds(b.x + width, b.y, b.width, b.height)
            elif b.x + b.width > x and (key in self.inside or self._is_frame(key)):
                self.shapes[key] = Bounds(b.x, b.y, b.width + width, b.height)

    def _is_frame(self, key: str) -> bool:
        return key == self.program.diagram.pool or any(lane.id == key for lane in self.program.lanes)

    def _free_row(self, node: nodes.AnyNode, x: float, y: float, size: tuple[float, float]) -> float:
        """The first place downwards where no shape of the scope lies."""
        taken = self._scope_shapes(node.scope)
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
