"""Every error a use case may raise.

CrmflowError
├── NotFound      404  the named thing does not exist, or may not be seen by this person
├── Forbidden     403  it exists, may be seen, but this person may not do that
├── Conflict      409  somebody or something was faster, or the thing is past the state this needs
├── Invalid       422  what was handed in is wrong; ``problems`` names every place
├── TooLarge      413  more than the limit named in the text
└── Unavailable   503  something outside did not answer; trying later may help

A branch is what a caller can do about it; a leaf is a ``code``, stable for programs, with the ids of the things
concerned in ``ids``. People read ``text``, in Chinese and in English: what was wanted, what stood in the way.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from engine.model.problem import Problem
from engine.model.text import Text, both


class CrmflowError(Exception):
    status: ClassVar[int] = 500

    def __init__(self, code: str, *, zh: str, en: str, **ids: Any) -> None:
        super().__init__(en)
        self.code = code
        self.text: Text = both(zh=zh, en=en)
        self.ids = ids


class NotFound(CrmflowError):
    status = 404


class Forbidden(CrmflowError):
    status = 403


class Conflict(CrmflowError):
    status = 409


class TooLarge(CrmflowError):
    status = 413


class Unavailable(CrmflowError):
    status = 503


class Invalid(CrmflowError):
    status = 422

    def __init__(self, code: str, *, zh: str, en: str, problems: Sequence[Problem] = (), **ids: Any) -> None:
        super().__init__(code, zh=zh, en=en, **ids)
        self.problems = tuple(problems)
