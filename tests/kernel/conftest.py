"""Every story of an element is told twice: as it runs, and saved and restored after every step."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.model.program import Program
from tests.kernel.case import Case

Tell = Callable[..., Case]


@pytest.fixture(params=[False, True], ids=["run through", "saved and restored"])
def tell(request: pytest.FixtureRequest) -> Tell:
    def begin(program: Program, **more: Any) -> Case:
        return Case(program, saved=request.param, **more)

    return begin
