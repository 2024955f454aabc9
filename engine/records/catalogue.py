"""What is deployed: files, processes, versions."""

from datetime import datetime
from typing import Any, Literal

from engine.model.problem import Problem
from engine.model.text import Text
from engine.records.base import Record

VersionStatus = Literal["draft", "checked", "simulated", "approved", "released", "retired"]


class Process(Record, frozen=True, kw_only=True):
    key: str
    prefix: str
    """What the short numbers of its instances begin with: ``SFA-03``."""
    pillar: Literal["MA", "SFA", "CSS", "X"]
    texts: Text
    owner: str = ""
    details: dict[str, Any] = {}
    """The rest of process.json: purpose, customer output ..."""
    created_at: datetime


class Resource(Record, frozen=True, kw_only=True):
    """A file as it was uploaded, byte for byte, with what was found in it."""

    id: str
    deployment_id: str
    name: str
    kind: Literal["bpmn", "dmn", "form", "other"]
    content: bytes
    sha256: str
    problems: tuple[Problem, ...] = ()


class Deployment(Record, frozen=True, kw_only=True):
    id: str
    name: str
    source: str = ""
    created_at: datetime
    created_by: str


class BaseVersion(Record, frozen=True, kw_only=True):
    """Number ``n`` of a process's base. ``program`` is empty while the file cannot be read at all."""

    process: str
    n: int
    resource_id: str
    program: str = ""
    version_tag: str = ""
    status: VersionStatus
    problems: tuple[Problem, ...] = ()
    created_at: datetime
    created_by: str
    released_at: datetime | None = None
    released_by: str = ""
    suspended: bool = False
    """On hold: nothing starts with it until it is resumed."""
    played: str = ""
    """The program that was last played to an end in the sandbox; empty: none was."""
