"""Events and gateways: their own attributes; what they react to is in triggers.py."""

from collections.abc import Sequence

from engine.bpmn import data, expressions, triggers
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN


def event(draft: Draft, dialects: Sequence[Dialect]) -> None:
    draft.fields["triggers"] = triggers.read(draft.tag, draft.context, dialects)
    draft.fields["parallel"] = draft.tag.flag("parallelMultiple")
    data.mappings(draft)


def start(draft: Draft, dialects: Sequence[Dialect]) -> None:
    event(draft, dialects)
    draft.fields["interrupting"] = draft.tag.flag("isInterrupting", True)


def boundary(draft: Draft, dialects: Sequence[Dialect]) -> None:
    event(draft, dialects)
    tag, context = draft.tag, draft.context
    draft.fields["attached_to"] = tag.get("attachedToRef").rpartition(":")[2]
    draft.fields["interrupting"] = tag.flag("cancelActivity", True)
    for association in context.associated(tag.id):
        target = context.refer(association.attributes.get("targetRef", ""))
        if target is not None and target.flag("isForCompensation"):
            association.take().read.update(association.attributes)
            draft.fields["compensation_handler"] = target.id


def gateway(draft: Draft, dialects: Sequence[Dialect]) -> None:
    draft.fields["default"] = draft.tag.get("default")
    draft.tag.read.add("gatewayDirection")


def event_based(draft: Draft, dialects: Sequence[Dialect]) -> None:
    gateway(draft, dialects)
    draft.fields["instantiate"] = draft.tag.flag("instantiate")
    draft.fields["parallel"] = draft.tag.get("eventGatewayType") == "Parallel"


def complex_gateway(draft: Draft, dialects: Sequence[Dialect]) -> None:
    gateway(draft, dialects)
    condition = draft.tag.find(BPMN, "activationCondition")
    if condition is not None:
        language = next((dialect.language for dialect in dialects if dialect.language), None)
        draft.fields["activation"] = expressions.spoken(condition, language)
