"""All kinds of operations, and reading them from a variant's file."""

from functools import lru_cache
from typing import Any

import msgspec

from engine.definitions import schemas
from engine.model.problem import Problem
from engine.variants.operations.activities import Delete, Insert, Replace
from engine.variants.operations.choices import AddBranch, MakeOptional, SetCondition
from engine.variants.operations.operation import Operation
from engine.variants.operations.order import Move, Parallelise, Serialise
from engine.variants.operations.performer import Automate, DoByPerson, SetPerformer
from engine.variants.operations.repetition import SetLoop, SetTimer
from engine.variants.operations.service_level import SetCalendar, SetPriority, SetSla, SetWorth
from engine.variants.operations.way import (
    SetCall,
    SetChannel,
    SetDecision,
    SetForm,
    SetNames,
    SetParameter,
    SetScript,
    SetService,
)

AnyOperation = (
    Insert
    | Delete
    | Replace
    | Move
    | Parallelise
    | Serialise
    | MakeOptional
    | SetCondition
    | AddBranch
    | SetLoop
    | SetTimer
    | SetForm
    | SetService
    | SetChannel
    | SetScript
    | SetDecision
    | SetCall
    | SetNames
    | SetParameter
    | SetPerformer
    | Automate
    | DoByPerson
    | SetSla
    | SetCalendar
    | SetPriority
    | SetWorth
)


def kind(operation: Operation) -> str:
    """The kind's name in files: ``set_performer``."""
    return str(operation.__struct_config__.tag)


def read(documents: list[dict[str, Any]]) -> tuple[AnyOperation, ...]:
    """Operations of a document that satisfies schemas/variant.json. Raises msgspec.ValidationError for others."""
    return msgspec.convert(documents, tuple[AnyOperation, ...])


def write(operations: tuple[AnyOperation, ...]) -> list[dict[str, Any]]:
    """As they stand in a file; ``read`` gives equal ones back."""
    documents: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(operations))
    return documents


def check(documents: list[dict[str, Any]]) -> list[Problem]:
    """What is wrong with the words of operations that were edited one by one, each with its pointer."""
    return list(_checked(msgspec.json.encode(documents)))


@lru_cache(maxsize=64)
def _checked(documents: bytes) -> tuple[Problem, ...]:
    """Whoever saves, submits, approves and releases asks four times."""
    text = {"zh-CN": "-", "en": "-"}
    whole = {"process": "-", "names": text, "reason": text, "operations": msgspec.json.decode(documents)}
    return tuple(schemas.check(whole, schema="variant.json"))
