"""What is asked of repositories where names and values alone would not say it."""

from datetime import timedelta
from typing import Any, NamedTuple

import msgspec


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker outside asks for: jobs of one handler, for ``lease``, perhaps of certain instances only."""

    name: str
    lease: timedelta
    business_key: str | None = None
    processes: tuple[str, ...] = ()
    programs: tuple[str, ...] | None = None
    """Hashes; None: of any program."""
    variables: dict[str, Any] = {}
    """Values that the instance's variables must have."""


class Where(NamedTuple):
    """One condition of a list. ``name`` is a column, or ``instance.<column>`` of the row's instance.

    ``how``: ``=``, ``!=``, ``<`` ..., ``in`` a sequence, ``like`` with ``%``, ``is`` None or not (True), ``seen by``
    (people/scope.py's names), ``offered to`` (``u:``/``g:`` names), ``or`` (a sequence of sequences of conditions).
    """

    name: str
    how: str
    value: Any
