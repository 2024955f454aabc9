"""Plays a model to its end: attempt after attempt with other data, other moods of those around it; the first that ends
is the answer.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

import msgspec

from engine.kernel import waits
from engine.kernel.evaluator import Evaluator
from engine.kernel.library import Library
from engine.kernel.plan import compile_program
from engine.model.problem import Problem
from engine.model.program import Program
from engine.simulation import guess, walk
from engine.simulation.outside import Elsewhere, Told, World
from engine.simulation.play import MONDAY, Playback, play
from engine.simulation.playing import Playing

ATTEMPTS = 80
_MOST_LOOPS = 12
"""Attempts that end in a loop are long: so many and no more."""
_LONG = frozenset({"endless_loop", "limit", "script_timeout"})
_PASSED_OVER = frozenset({"decision_missing", "call_without_process"})
_MOODS = 5


class _Asked(NamedTuple):
    """What stays the same from attempt to attempt."""

    program: Program
    guesses: guess.Guesses
    evaluator: Evaluator
    library: Library | None
    data: Mapping[str, Any]
    start: datetime
    limit: int
    chosen: tuple[str, ...]


def explore(
    program: Program,
    *,
    evaluator: Evaluator,
    data: Mapping[str, Any] | None = None,
    library: Library | None = None,
    start: datetime = MONDAY,
    limit: int = 300,
    attempts: int = ATTEMPTS,
) -> Playback:
    """First with ``data`` and nothing else; then again with data that the model seems to expect.

    At an exclusive gateway without any condition somebody chooses. The first play that ends is the answer, else the
    one that came furthest. What the program names but nobody has given is answered; the playback's warnings say so.
    ``limit`` counts the steps of one attempt.
    """
    plain = play(program, evaluator=evaluator, data=data, library=library, start=start, limit=limit)
    if plain.ended:
        return plain
    drawn, chosen = guess.decided(program)
    asked = _Asked(drawn, guess.Guesses(drawn), evaluator, library, data or {}, start, limit, chosen)
    loops, furthest = 0, plain
    for number in range(attempts):
        played = _attempt(asked, number)
        if played.ended:
            return played
        furthest = max(furthest, played, key=_nodes_passed)
        loops += any(problem.code in _LONG for problem in played.problems)
        if loops >= _MOST_LOOPS:
            break
    return furthest


def _nodes_passed(played: Playback) -> int:
    return len({fact.node for fact in played.facts})


def _attempt(asked: _Asked, number: int) -> Playback:
    random, told = Random(number), Told()
    for gateway in asked.chosen:
        told.warn(
            "way_chosen",
            zh=f"网关 {gateway} 的出口都没有条件，由试运行选择",
            en=f"no flow out of {gateway} has a condition: the play chose one",
            element=gateway,
        )
    mood = number % _MOODS

    def drawn() -> dict[str, Any]:
        return asked.guesses.draw(random if number else None)

    given = {name: value for name, value in drawn().items() if name not in asked.guesses.asked} if mood != 1 else {}
    elsewhere = Elsewhere(asked.library, compiled=compile_program, given=drawn, told=told)
    way = walk.Way(_supply(mood, drawn), _PASSED_OVER, random if mood == 4 else None)
    played = play(
        asked.program,
        evaluator=World(asked.evaluator, asked.guesses, random, told),
        data={**given, **asked.data},
        library=elsewhere,
        start=asked.start,
        limit=asked.limit,
        way=way,
    )
    return msgspec.structs.replace(played, problems=_once((*played.problems, *told.problems)))


def _supply(mood: int, drawn: Callable[[], dict[str, Any]]) -> walk.Supply:
    """Those around hand in everything, or only what is not there yet, or nothing."""
    if mood == 2:
        return walk.nothing
    if mood == 3:
        return lambda playing, node: _shaped(playing, node, _absent(playing, drawn()))
    return lambda playing, node: _shaped(playing, node, drawn())


def _shaped(playing: Playing, node: str, data: dict[str, Any]) -> dict[str, Any]:
    """Where an answer or a message goes into one variable whole, it is what is drawn for that variable."""
    at = playing.plan.index.get(node)
    model = playing.plan.nodes[at].model if at is not None else None
    open_now = {wait.handler for wait in playing.waits.values() if isinstance(wait, waits.Job) and wait.node == node}
    beside = [errand.work for errand in getattr(model, "errands", ()) if errand.work.handler in open_now]
    for work in (*beside, getattr(model, "work", None)):
        if work is not None and work.result in data:
            return {"result": data[work.result]}
    for trigger in (*getattr(model, "triggers", ()), getattr(model, "message", None)):
        whole = data.get(getattr(trigger, "payload", ""))
        if isinstance(whole, dict):
            return whole
    return data


def _absent(playing: Playing, data: dict[str, Any]) -> dict[str, Any]:
    known = playing.variables()
    return {name: value for name, value in data.items() if known.get(name) is None}


def _once(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return tuple(found)
