"""A request with an idempotency key is carried out once, however often and from however many sides it comes."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from engine import errors, records
from engine.people.agent import SYSTEM
from engine.runtime import instances, repeat
from tests.house import ANNA, House
from tests.kernel.models import program

ONE = program("start s", "user one", "end e", flow=["s > one > e"])


def post(home: House, key: str = "k", request: bytes = b"start", agent: Any = SYSTEM) -> records.Repeat:
    def work() -> tuple[int, Any]:
        case = home.start()
        assert home.instance(case).status == "active", "what the request did is seen by what it reads afterwards"
        return 201, {"id": case}

    return repeat.once(home.engine, key=key, request=request, agent=agent, now=home.now, work=work)


def begun(home: House) -> int:
    return len(instances.search(home.engine))


def test_the_same_request_has_the_same_answer_and_is_done_once(home: House) -> None:
    home.release(ONE)
    first, again = post(home), post(home)
    assert (first.status, first.answer) == (again.status, again.answer)
    assert begun(home) == 1


def test_another_request_with_the_same_key_is_refused(home: House) -> None:
    home.release(ONE)
    post(home)
    with pytest.raises(errors.Conflict):
        post(home, request=b"something else")
    post(home, agent=ANNA, request=b"ANNA's keys are her own")
    assert begun(home) == 2


def test_what_failed_is_not_kept(home: House) -> None:
    with pytest.raises(errors.NotFound):
        post(home)
    home.release(ONE)
    assert post(home).status == 201


def test_a_key_is_forgotten_after_a_day(home: House) -> None:
    home.release(ONE)
    post(home)
    home.clock.advance(repeat.KEEP)
    with home.engine.store.transaction() as tx:
        assert tx.repeats.sweep(home.now - timedelta(seconds=1)) == 0
        assert tx.repeats.sweep(home.now) == 1
    post(home)
    assert begun(home) == 2


def test_from_many_sides_at_once_it_is_done_once(home: House) -> None:
    home.release(ONE)
    home.customer()
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(post(home).answer)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert all(answer == answers[0] for answer in answers)
    assert begun(home) == 1


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_keys_have_bounds(home: House, key: str) -> None:
    with pytest.raises(errors.Invalid):
        post(home, key=key)


def test_the_bell_rings_once_for_all(home: House) -> None:
    home.release(ONE)
    with pytest.raises(ZeroDivisionError):
        home.engine.store.together(lambda tx: (tx.ring("job"), 1 / 0))
    assert home.rings == []
    home.engine.store.together(lambda tx: (tx.ring("job"), home.engine.store.run(lambda inner: inner.ring("mail"))))
    assert [ring.kind for ring in home.rings] == ["job", "mail"]
