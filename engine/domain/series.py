"""Numbers that the house gives itself: a series for each year, four digits behind it."""

from engine import errors
from engine.model.text import EN, ZH, Text

LAST = 9999


def following(series: str, last: str, *, code: str, what: Text) -> str:
    """The number after ``last``, the highest that the series has; empty when it has none.

    Raises Conflict ``code`` when all are used; ``what`` is numbered, as in "give the contract a number".
    """
    number = last.removeprefix(series)
    after = int(number) + 1 if number.isdigit() else 1
    if after > LAST:
        raise errors.Conflict(
            code,
            zh=f"{series} 的{what[ZH]}编号已用完，请填写编号",
            en=f"all numbers of {series} are used: give the {what[EN]} a number",
        )
    return f"{series}{after:04d}"
