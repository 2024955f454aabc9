"""``@door.needs("people.manage")``: who may enter a page or press a button of it."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import flask

from engine.people import rights
from web.ui import visitor

P = ParamSpec("P")
View = Callable[P, flask.typing.ResponseReturnValue]


def needs(action: rights.Action) -> Callable[[View[P]], View[P]]:
    def around(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> flask.typing.ResponseReturnValue:
            rights.need(visitor.me(), action)
            return view(*args, **kwargs)

        guarded.needs = action  # type: ignore[attr-defined]
        return guarded

    return around
