"""The reference case: 250.00 and seven days before, 60.00 and at most 48 hours after, from played history.

Before: 1.0 x 30 + 1.5 x 40 + 1.0 x 40 + 0.5 x 40 + 1.5 x 50 + 0.5 x 30 + 10 = 250; 0.5 + 1.5 + 1.5 + 1.0 + 2.0 + 0.5
days = 7.0. After: checks 5 + 3 + 7, customer service 0.25 x 40, fixed 5 = 30, and for the grey zone (three cases of
five) 1.0 x 50 more: (2 x 30 + 3 x 80) / 5 = 60.
"""

import statistics
from datetime import timedelta

from engine.domain import casebook
from engine.facts import ActivityCompleted
from engine.model import nodes
from engine.model.text import LOCALES
from engine.simulation import scenario as scenarios
from engine.simulation.play import Playback, play
from tests.processes import shipped

AFTER = ("approved-automatically", "refused-automatically", "grey-approved", "grey-conditional", "grey-refused")
BEFORE = ("approved", "refused")


def played(key: str, names: tuple[str, ...]) -> list[Playback]:
    told = [scenarios.decode((shipped.PROCESSES / key / "scenarios" / f"{name}.json").read_bytes()) for name in names]
    return [play(shipped.base(key), evaluator=shipped.EVALUATOR, answers=one) for one in told]


def mean_cost(key: str, names: tuple[str, ...]) -> float:
    return statistics.mean(casebook.cost(shipped.base(key), playback.facts) for playback in played(key, names))


def time_to(step: str, playback: Playback) -> timedelta:
    told = next(
        moment.at
        for moment in playback.history
        if isinstance(moment.fact, ActivityCompleted) and moment.fact.node == step
    )
    return told - playback.history[0].at


def test_a_loan_cost_250_and_costs_60() -> None:
    before, after = mean_cost("SFA-15-before", BEFORE), mean_cost("SFA-15", AFTER)

    assert (round(before, 2), round(after, 2), round(before - after, 2)) == (250.00, 60.00, 190.00)


def test_fifty_millions_are_saved_after_263158_loans() -> None:
    saving = mean_cost("SFA-15-before", BEFORE) - mean_cost("SFA-15", AFTER)

    assert -(-50_000_000 // saving) == 263_158


def test_the_decision_took_seven_days_and_takes_at_most_48_hours() -> None:
    before = statistics.median(time_to("send_letter", playback) for playback in played("SFA-15-before", BEFORE))
    after = [time_to("notify_applicant", playback) for playback in played("SFA-15", AFTER)]

    assert before == timedelta(days=7)
    assert max(after) <= timedelta(hours=48)
    assert statistics.median(after) == timedelta(hours=20)


def test_every_step_of_the_new_process_says_what_it_gives() -> None:
    steps = [node for node in shipped.base("SFA-15").nodes if isinstance(node, nodes.Activity)]

    assert all(node.worth and all(node.worth.value.get(locale) for locale in LOCALES) for node in steps)
