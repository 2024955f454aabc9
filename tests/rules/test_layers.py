"""Arrows only go down. See the picture in docs/architecture.md."""

from collections.abc import Iterator

from tests.rules import source

# A room may import rooms of a lower number, and itself. Rooms of one number do not know each other.
FLOORS = {
    "client": 10,
    "model": 10,
    "outside": 12,
    "clock": 10,
    "errors": 11,
    "children": 11,
    "facts": 11,
    "settings": 12,
    "files": 11,
    "feel": 12,
    "forms": 12,
    "schedule": 12,
    "dmn": 13,
    "scripts": 13,
    "kernel": 20,
    "records": 27,
    "variation": 28,
    "trade": 28,
    "deals": 28,
    "selling": 28,
    "steering": 28,
    "agenda": 28,
    "parties": 28,
    "care": 28,
    "marketing": 28,
    "binding": 28,
    "moving": 28,
    "outward": 28,
    "repositories": 29,
    "bell": 29,
    "recent": 29,
    "queries": 28,
    "ports": 30,
    "people": 31,
    "definitions": 32,
    "evaluation": 31,
    "customers": 40,
    "proof": 40,
    "simulation": 40,
    "variants": 41,
    "attachments": 45,
    "runtime": 50,
    "trust": 55,
    "hours": 56,
    "inbox": 60,
    "connectors": 60,
    "webhooks": 60,
    "jobs": 60,
    "timers": 60,
    "messages": 60,
    "analytics": 60,
    "watch": 60,
    "domain": 61,
    "migration": 61,
    "elsewhere": 62,
    "store": 70,
    "bpmn": 70,
    "queue": 70,
    "plugins": 70,
    "dispatch": 72,
    "sample": 75,
    "app": 80,
    "doctor": 85,
    "secrets": 85,
    "logs": 85,
    "play": 85,
    "rollout": 84,
    "compare": 85,
    "handbook": 86,
    "worker": 90,
    "upkeep": 91,
    "switch": 91,
    "cli": 92,
}
WEB_MAY_NOT = {"store", "bpmn", "queue", "app", "worker", "cli"}

# library: the only places that may import it
LIBRARIES = {
    "flask": ("web",),
    "apiflask": ("web",),
    "SpiffWorkflow": ("engine.bpmn",),
    "sqlalchemy": ("engine.store",),
    "alembic": ("engine.store",),
    "psycopg": ("engine.store",),
    "rq": ("engine.queue", "engine.worker"),
    "redis": ("engine.queue", "engine.worker"),
    "lxml": ("engine.bpmn", "engine.dmn"),
    "cryptography": ("engine.trust",),
    "pydantic_monty": ("engine.scripts",),
    "prometheus_client": ("engine.watch.metrics",),
    "click": ("engine.cli", "engine.*.command", "web.command"),
    "rich": ("engine.cli", "engine.*.command", "web.command"),
}

MODULES = source.modules("engine", "web")


def room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_every_arrow_goes_down() -> None:
    assert [found for module in MODULES if module.name.startswith("engine.") for found in _upward(module)] == []


def _upward(module: source.Module) -> Iterator[str]:
    here = room(module.name)
    if here not in FLOORS:
        yield f"{module.name}: place the room {here!r} on a floor, here and in docs/architecture.md"
        return
    for name, line in source.imports(module):
        there = room(name)
        if name.startswith("web"):
            yield f"{module.path}:{line} the engine imports the web"
        elif name.startswith("engine.") and there != here:
            if there not in FLOORS:
                yield f"{module.path}:{line} imports {name}, a room that nobody placed on a floor"
            elif FLOORS[there] >= FLOORS[here]:
                yield f"{module.path}:{line} {here} ({FLOORS[here]}) imports {name}, not below it"


def test_the_web_stands_on_floors_one_to_six() -> None:
    assert [
        f"{module.path}:{line} imports {name}"
        for module in MODULES
        if module.name.startswith("web") and module.name != "web.wsgi"
        for name, line in source.imports(module)
        if name.startswith("engine.") and room(name) in WEB_MAY_NOT
    ] == []


def _may(module: str, places: tuple[str, ...]) -> bool:
    for place in places:
        head, star, tail = place.partition(".*.")
        if star and module.startswith(head + ".") and module.endswith("." + tail):
            return True
        if module == place or module.startswith(place + "."):
            return True
    return False


def test_each_outside_library_has_its_room() -> None:
    found = []
    for module in MODULES:
        for name, line in source.imports(module):
            places = LIBRARIES.get(name.split(".")[0])
            if places is not None and not _may(module.name, places):
                found.append(f"{module.path}:{line} imports {name}; only {places} may")
    assert found == []


def test_modules_do_not_import_each_other_in_circles() -> None:
    names = {module.name for module in MODULES}
    graph: dict[str, set[str]] = {}
    for module in MODULES:
        wanted = {_module_of(name, names) for name, _ in source.imports(module)}
        graph[module.name] = {name for name in wanted if name and name != module.name}
    circle = _circle(graph)
    assert not circle, f"circle of imports: {' > '.join(circle)}"


def _module_of(name: str, names: set[str]) -> str:
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """The first circle found, as its path; empty when there is none."""
    done: set[str] = set()
    for start in graph:
        path = [start]
        rest = [iter(sorted(graph[start]))]
        while path:
            following = next((name for name in rest[-1] if name not in done), None)
            if following is None:
                done.add(path.pop())
                rest.pop()
            elif following in path:
                return [*path[path.index(following) :], following]
            else:
                path.append(following)
                rest.append(iter(sorted(graph[following])))
    return []
