"""Which dialects a file is written in, by the namespaces that its elements and attributes really use."""

from engine.bpmn import names
from engine.bpmn.dialects import camunda7, camunda8, crmflow, flowable, jbpm, spiff
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.tag import Tag

_HOUSE = names.CRMFLOW
_BEFORE = frozenset({names.ACTIVITI, names.FLOWABLE})
_PLATFORM = f"{{{names.CAMUNDA_MODELER}}}executionPlatform"
_PLATFORMS = {"Camunda Cloud": frozenset({names.ZEEBE}), "Camunda Platform": frozenset({names.CAMUNDA})}
"""What Camunda's modeller says that it drew for, which counts even where no extension is used."""
_OTHERS: tuple[Dialect, ...] = (camunda8.DIALECT, spiff.DIALECT, jbpm.DIALECT)


def dialects(root: Tag) -> tuple[Dialect, ...]:
    """The house's own first; empty for plain BPMN.

    Camunda 7 reads Activiti's namespace as its own, so a file with both is Camunda's; one with neither of Camunda's
    names is Flowable's.
    """
    used = _namespaces(root) | _PLATFORMS.get(root.attributes.get(_PLATFORM, ""), frozenset())
    found = [crmflow.DIALECT] if _HOUSE in used else []
    if used & camunda7.NAMESPACES:
        found.append(camunda7.DIALECT if not used & _BEFORE else flowable.DIALECT)
    elif used & _BEFORE:
        found.append(flowable.DIALECT)
    found.extend(dialect for dialect in _OTHERS if dialect.namespaces & used)
    return tuple(found)


def _namespaces(root: Tag) -> set[str]:
    used = {tag.ns for tag in root.walk()}
    for tag in root.walk():
        used.update(key[1:].partition("}")[0] for key in tag.attributes if key.startswith("{"))
    return used
