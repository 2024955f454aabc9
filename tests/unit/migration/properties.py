"""The laws of migration, tried on one random model and one random variant of it each. By command

    python -m tests.unit.migration.properties 2000

tries as many as are wanted and counts the classes.
"""

import sys
from collections import Counter
from random import Random

import msgspec

from engine import facts
from engine.kernel import stimuli, waits
from engine.migration import assess
from engine.model import nodes
from engine.model.program import Flow, Program
from tests.kernel.case import Case
from tests.kernel.random_models import nested, unstructured
from tests.unit.migration.mover import Mover

MOST_COMPLETIONS = 120


def vary(random: Random, program: Program) -> Program:
    """One to three changes: a step more, a step less, two steps in the other order, or side by side."""
    changed = program
    for number in range(random.randrange(1, 4)):
        changed = random.choice((_more, _less, _other_order, _side_by_side))(random, changed, number)
    return changed


def one_instance(seed: int) -> str:
    """Runs a random instance of a random model for a while, moves it to a random variant, runs it to the end.

    *Compliant*: from then on it is open what would be open had it run the new program from the start with the very same
    answers. *Adjustable, all allowed*: it ends without an incident, and each missed step is done once.
    """
    random = Random(seed)
    old, _ = nested(random, random.randrange(4, 16))
    new = vary(random, old)
    r = random.randrange(12)
    case = Mover(old, saved=bool(seed % 2)).start(r=r)
    done: list[tuple[str, int]] = []
    for _ in range(random.randrange(0, 1 + len(old.nodes) // 4)):
        if case.ended:
            return "ended"
        _one(case, random, done, random.randrange(12))
    if case.ended or old.sha256 == new.sha256:
        return "ended"
    verdict = case.verdict(new)
    if verdict.kind == "not":
        assert verdict.reasons, f"seed {seed}: it stays and nobody knows why"
        return "not"
    if verdict.kind == "adjustable":
        _adjusted(case, new, seed, random, done)
        return "adjustable"
    assert not verdict.reasons and not verdict.needs
    kept = {number for number, wait in case.waits.items() if isinstance(wait, waits.WorkItem)}
    case.move(new)
    assert not case.closed and kept <= set(case.waits), f"seed {seed}: a compliant instance keeps every wait it has"
    fresh = Case(new).start(r=r)
    for task, answer in done:
        assert task in fresh.open(), f"seed {seed}: {task} was done, and the new program forbids it"
        fresh.complete(task, r=answer)
    assert fresh.open() == case.open(), f"seed {seed}: {case.open()} is open, the new program wants {fresh.open()}"
    for _ in range(MOST_COMPLETIONS):
        if case.ended:
            break
        answer = random.randrange(12)
        task = _one(case, random, done, answer)
        fresh.complete(task, r=answer)
        assert fresh.open() == case.open(), f"seed {seed}: after {task}"
    assert case.ended == fresh.ended, f"seed {seed}"
    assert case.incidents() == fresh.incidents() == []
    return "compliant"


def unstructured_instance(seed: int) -> str:
    """Any graph, sound or not: a *compliant* instance is open where the new program would have brought it, and stays in
    step with it, into its deadlocks too."""
    random = Random(seed)
    old = unstructured(random, random.randrange(3, 10))
    new = vary(random, old)
    r = random.randrange(12)
    case = Mover(old, saved=bool(seed % 2)).start(r=r)
    done: list[tuple[str, int]] = []
    for _ in range(random.randrange(0, 6)):
        if case.ended or case.incidents() or not case.open():
            return "ended"
        _one(case, random, done, random.randrange(12))
    if case.ended or case.incidents() or old.sha256 == new.sha256:
        return "ended"
    verdict = case.verdict(new)
    if verdict.kind != "compliant":
        assert verdict.reasons, f"seed {seed}: nobody knows why"
        return verdict.kind
    case.move(new)
    fresh = Case(new).start(r=r)
    for task, answer in done:
        assert task in fresh.open(), f"seed {seed}: {task} was done, and the new program forbids it"
        fresh.complete(task, r=answer)
    for _ in range(20):
        assert fresh.open() == case.open(), f"seed {seed}: {case.open()} is open, the new program wants {fresh.open()}"
        assert set(fresh.incidents()) == set(case.incidents()), f"seed {seed}"
        if case.ended or not case.open() or len(case.open()) > 20:
            break
        answer = random.randrange(12)
        task = _one(case, random, done, answer)
        fresh.complete(task, r=answer)
    assert case.ended == fresh.ended, f"seed {seed}"
    return "compliant"


def _adjusted(case: Mover, new: Program, seed: int, random: Random, done: list[tuple[str, int]]) -> None:
    before = len(case.facts)
    case.move(new, allow=assess.ALLOWANCES)
    told = next(fact for fact in case.facts[before:] if isinstance(fact, facts.InstanceMigrated))
    taken_back = Counter(told.back)
    for _ in range(MOST_COMPLETIONS):
        if case.ended:
            break
        _one(case, random, done, random.randrange(12))
    assert not case.incidents(), f"seed {seed}: {case.incidents()}"
    after = Counter(task for task, _ in done)
    for node in told.owed if case.ended else ():
        assert after[node], f"seed {seed}: {node} was owed and never done"
    cancelled = Counter(fact.node for fact in case.facts if isinstance(fact, facts.ActivityCancelled))
    assert taken_back <= cancelled, f"seed {seed}"


def _one(case: Case, random: Random, done: list[tuple[str, int]], answer: int) -> str:
    open_items = sorted(wait.id for wait in case.waits.values() if isinstance(wait, waits.WorkItem))
    assert open_items, f"nothing is open, and it has not ended: {case.incidents()}"
    wait = random.choice(open_items)
    task = case.waits[wait].node
    case.give(stimuli.Complete(wait=wait, data={"r": answer}))
    done.append((task, answer))
    return task


# --- changes of a program ------------------------------------------------------------------------------------------


def _more(random: Random, program: Program, number: int) -> Program:
    flow = random.choice(program.flows)
    scope = next(node.scope for node in program.nodes if node.id == flow.source)
    made = nodes.UserTask(id=f"new{number}", scope=scope)
    first = msgspec.structs.replace(flow, target=made.id)
    rest = Flow(id=f"new{number}_flow", source=made.id, target=flow.target)
    return _with(program, [first if one is flow else one for one in program.flows] + [rest], [*program.nodes, made])


def _less(random: Random, program: Program, number: int) -> Program:
    tasks = [node for node in program.nodes if isinstance(node, nodes.UserTask)]
    if len(tasks) < 2:
        return program
    gone = random.choice(tasks)
    into = [flow for flow in program.flows if flow.target == gone.id]
    out = [flow for flow in program.flows if flow.source == gone.id]
    if len(into) != 1 or len(out) != 1 or _in_loop(program, gone):
        return program
    joined = msgspec.structs.replace(into[0], target=out[0].target)
    flows = [joined if one is into[0] else one for one in program.flows if one is not out[0]]
    return _with(program, flows, [node for node in program.nodes if node is not gone])


def _in_loop(program: Program, task: nodes.Node) -> bool:
    """Without it the loop might never wait."""
    seen, todo = {task.id}, [task.id]
    while todo:
        here = todo.pop()
        for flow in program.flows:
            if flow.source == here and flow.target == task.id:
                return True
            if flow.source == here and flow.target not in seen:
                seen.add(flow.target)
                todo.append(flow.target)
    around = next((node for node in program.nodes if node.id == task.scope), None)
    return around is not None and _in_loop(program, around)


def _pairs(program: Program) -> list[tuple[str, str]]:
    tasks = {node.id for node in program.nodes if isinstance(node, nodes.UserTask)}
    return [(flow.source, flow.target) for flow in program.flows if {flow.source, flow.target} <= tasks]


def _other_order(random: Random, program: Program, number: int) -> Program:
    pairs = _pairs(program)
    if not pairs:
        return program
    first, second = random.choice(pairs)
    turned = {first: second, second: first}
    flows = [
        msgspec.structs.replace(one, source=second, target=first)
        if (one.source, one.target) == (first, second)
        else msgspec.structs.replace(
            one,
            source=turned.get(one.source, one.source),
            target=turned.get(one.target, one.target),
        )
        for one in program.flows
    ]
    return _with(program, flows, list(program.nodes))


def _side_by_side(random: Random, program: Program, number: int) -> Program:
    pairs = _pairs(program)
    if not pairs:
        return program
    first, second = random.choice(pairs)
    scope = next(node.scope for node in program.nodes if node.id == first)
    fork, join = (nodes.ParallelGateway(id=f"{name}{number}", scope=scope) for name in ("fork", "join"))
    flows = []
    for one in program.flows:
        if (one.source, one.target) == (first, second):
            flows += [
                msgspec.structs.replace(one, target=join.id),
                Flow(id=f"fork{number}_1", source=fork.id, target=first),
                Flow(id=f"fork{number}_2", source=fork.id, target=second),
                Flow(id=f"join{number}_2", source=second, target=join.id),
            ]
        elif one.target == first:
            flows.append(msgspec.structs.replace(one, target=fork.id))
        elif one.source == second:
            flows.append(msgspec.structs.replace(one, source=join.id))
        else:
            flows.append(one)
    return _with(program, flows, [*program.nodes, fork, join])


def _with(program: Program, flows: list[Flow], made: list[nodes.Node]) -> Program:
    return msgspec.structs.replace(program, nodes=tuple(made), flows=tuple(flows))  # type: ignore[arg-type]


if __name__ == "__main__":
    for law in (one_instance, unstructured_instance):
        found: Counter[str] = Counter()
        for one in range(int(sys.argv[1]) if len(sys.argv) > 1 else 2000):
            try:
                found[law(one)] += 1
            except Exception as error:
                raise AssertionError(f"{law.__name__} {one}") from error
        print(law.__name__, dict(found))
