"""Which module says what an element means: one for each kind of node."""

from types import ModuleType

from engine.kernel import (
    activity,
    ad_hoc_sub_process,
    boundary_event,
    business_rule_task,
    call_activity,
    catch_event,
    complex_gateway,
    end_event,
    event_based_gateway,
    event_sub_process,
    exclusive_gateway,
    inclusive_gateway,
    manual_task,
    parallel_gateway,
    receive_task,
    script_task,
    send_task,
    service_task,
    start_event,
    sub_process,
    task,
    throw_event,
    user_task,
)
from engine.kernel.graph import NodePlan
from engine.kernel.moves import arrive, not_awaited

ACTIVITIES: dict[str, ModuleType] = {
    "task": task,
    "manualTask": manual_task,
    "userTask": user_task,
    "serviceTask": service_task,
    "sendTask": send_task,
    "receiveTask": receive_task,
    "scriptTask": script_task,
    "businessRuleTask": business_rule_task,
    "callActivity": call_activity,
}
SUB_PROCESSES: dict[str, ModuleType] = {
    "embedded": sub_process,
    "transaction": sub_process,
    "event": event_sub_process,
    "adHoc": ad_hoc_sub_process,
}
OTHERS: dict[str, ModuleType] = {
    "startEvent": start_event,
    "endEvent": end_event,
    "intermediateCatchEvent": catch_event,
    "intermediateThrowEvent": throw_event,
    "boundaryEvent": boundary_event,
    "exclusiveGateway": exclusive_gateway,
    "parallelGateway": parallel_gateway,
    "inclusiveGateway": inclusive_gateway,
    "complexGateway": complex_gateway,
    "eventBasedGateway": event_based_gateway,
}


def equip(node: NodePlan) -> None:
    """Give ``node`` the functions of its element."""
    node.is_activity = node.kind in ACTIVITIES or node.kind == "subProcess"
    module = SUB_PROCESSES[node.model.variety] if node.kind == "subProcess" else {**ACTIVITIES, **OTHERS}[node.kind]
    if node.is_activity:
        node.enter = activity.enter
        node.perform = module.perform
    else:
        node.enter = node.perform = module.enter
    node.arrive = getattr(module, "arrive", arrive)
    node.resume = getattr(module, "resume", not_awaited)
    node.occur = getattr(module, "occur", not_awaited)
    node.finished = getattr(module, "finished", not_awaited)
