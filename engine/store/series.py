"""Series of numbers that the house gives itself."""

from typing import Any

import sqlalchemy as sa


def last_number(connection: sa.Connection, numbers: sa.Column[Any], series: str) -> str:
    """The highest of the column that begins with ``series`` and has four digits behind it; empty when none has."""
    found = connection.scalars(sa.select(numbers).where(numbers.like(f"{series}____")).order_by(numbers.desc()))
    return next((number for number in found if number.removeprefix(series).isdigit()), "")
