"""Which dialects a file is written in, by the namespaces that its elements and attributes really use."""

from engine.bpmn.dialects import camunda7, crmflow
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.tag import Tag

ALL: tuple[Dialect, ...] = (crmflow.DIALECT, camunda7.DIALECT)


def dialects(root: Tag) -> tuple[Dialect, ...]:
    """In the order of ALL; empty for plain BPMN."""
    used = _namespaces(root)
    return tuple(dialect for dialect in ALL if dialect.namespaces & used)


def _namespaces(root: Tag) -> set[str]:
    used = {tag.ns for tag in root.walk()}
    for tag in root.walk():
        used.update(key[1:].partition("}")[0] for key in tag.attributes if key.startswith("{"))
    return used
