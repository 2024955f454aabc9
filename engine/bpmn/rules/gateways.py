"""Gateways: directions, numbers of flows, and what may follow an event-based gateway."""

from collections.abc import Iterator

from engine.bpmn.elements import GATEWAYS
from engine.bpmn.rules.rule import Model, Rule, kids
from engine.bpmn.tag import Tag

_AFTER = frozenset({"message", "signal", "timer", "conditional"})


def _direction(model: Model, name: str) -> Iterator[Tag]:
    return (gateway for gateway in model.gateways() if gateway.attributes.get("gatewayDirection") == name)


def _incoming(model: Model, gateway: Tag) -> int:
    return max(len(model.incoming(gateway)), len(kids(gateway, "incoming")))


def _outgoing(model: Model, gateway: Tag) -> int:
    return max(len(model.outgoing(gateway)), len(kids(gateway, "outgoing")))


def converging(model: Model) -> Iterator[Tag]:
    return (gateway for gateway in _direction(model, "Converging") if _outgoing(model, gateway) > 1)


def diverging(model: Model) -> Iterator[Tag]:
    return (gateway for gateway in _direction(model, "Diverging") if _incoming(model, gateway) > 1)


def mixed(model: Model) -> Iterator[Tag]:
    for gateway in _direction(model, "Mixed"):
        if _incoming(model, gateway) < 2 or _outgoing(model, gateway) < 2:
            yield gateway


def pointless(model: Model) -> Iterator[Tag]:
    for gateway in model.all(*GATEWAYS):
        if gateway.name != "eventBasedGateway" and _incoming(model, gateway) < 2 and _outgoing(model, gateway) < 2:
            yield gateway


def dead_end(model: Model) -> Iterator[Tag]:
    return (gateway for gateway in model.gateways() if not model.outgoing(gateway))


def _followers(model: Model, gateway: Tag) -> list[Tag]:
    return [target for flow in model.outgoing(gateway) if (target := model.target(flow)) is not None]


def event_based_alone(model: Model) -> Iterator[Tag]:
    return (gateway for gateway in model.all("eventBasedGateway") if len(model.outgoing(gateway)) < 2)


def event_based_condition(model: Model) -> Iterator[Tag]:
    for gateway in model.all("eventBasedGateway"):
        yield from (flow for flow in model.outgoing(gateway) if kids(flow, "conditionExpression"))


def event_based_follower(model: Model) -> Iterator[Tag]:
    for gateway in model.all("eventBasedGateway"):
        for target in _followers(model, gateway):
            waits = target.name == "intermediateCatchEvent" and model.kinds(target) and model.kinds(target) <= _AFTER
            if target.name != "receiveTask" and not waits:
                yield target


def event_based_mixture(model: Model) -> Iterator[Tag]:
    for gateway in model.all("eventBasedGateway"):
        followers = _followers(model, gateway)
        tasks = any(target.name == "receiveTask" for target in followers)
        if tasks and any("message" in model.kinds(target) for target in followers if target.name != "receiveTask"):
            yield gateway


def event_based_boundary(model: Model) -> Iterator[Tag]:
    hosts = {event.attributes.get("attachedToRef", "") for event in model.all("boundaryEvent")}
    for gateway in model.all("eventBasedGateway"):
        yield from (
            target for target in _followers(model, gateway) if target.name == "receiveTask" and target.id in hosts
        )


def event_based_other_way(model: Model) -> Iterator[Tag]:
    for gateway in model.all("eventBasedGateway"):
        yield from (target for target in _followers(model, gateway) if len(model.incoming(target)) > 1)


def instantiating_with_incoming(model: Model) -> Iterator[Tag]:
    for gateway in model.all("eventBasedGateway", "receiveTask"):
        if gateway.attributes.get("instantiate") == "true" and (model.incoming(gateway) or kids(gateway, "incoming")):
            yield gateway


def parallel_condition(model: Model) -> Iterator[Tag]:
    for gateway in model.all("parallelGateway"):
        yield from (flow for flow in model.outgoing(gateway) if kids(flow, "conditionExpression"))


RULES = (
    Rule(number="EXT.017", code="converging_gateway", places=converging,
         zh="汇聚网关不能有多条出线", en="A converging gateway must not have more than one outgoing flow"),
    Rule(number="EXT.018", code="diverging_gateway", places=diverging,
         zh="分支网关不能有多条入线", en="A diverging gateway must not have more than one incoming flow"),
    Rule(number="EXT.019", code="mixed_gateway", places=mixed,
         zh="混合网关需要多条入线和多条出线", en="A mixed gateway needs several incoming and several outgoing flows"),
    Rule(number="EXT.135", code="pointless_gateway", places=pointless, strict=True,
         zh="网关既不分支也不汇聚", en="The gateway neither splits nor joins"),
    Rule(number="EXT.151", code="gateway_dead_end", places=dead_end,
         zh="网关没有出路", en="The gateway has no way out",
         mend=("从网关画出顺序流", "Draw a flow from the gateway")),
    Rule(number="EXT.136", code="event_based_alone", places=event_based_alone,
         zh="事件网关至少需要两条出线", en="An event-based gateway needs at least two outgoing flows"),
    Rule(number="EXT.137", code="event_based_condition", places=event_based_condition, fix="remove_condition",
         zh="事件网关的出线不能有条件", en="A flow that leaves an event-based gateway must not have a condition"),
    Rule(number="EXT.138", code="event_based_follower", places=event_based_follower, severity="error",
         zh="事件网关之后只能是接收任务或消息、信号、定时、条件捕获事件",
         en="After an event-based gateway only receive tasks, message, signal, timer, conditional catches may follow"),
    Rule(number="EXT.139", code="event_based_mixture", places=event_based_mixture,
         zh="事件网关之后不能同时使用接收任务和消息事件",
         en="After an event-based gateway use receive tasks or message events, not both"),
    Rule(number="EXT.140", code="event_based_boundary", places=event_based_boundary,
         zh="事件网关之后的接收任务不能有边界事件",
         en="A receive task after an event-based gateway must not have boundary events"),
    Rule(number="EXT.141", code="event_based_other_way", places=event_based_other_way,
         zh="事件网关之后的事件不能有别的入线",
         en="What follows an event-based gateway must not be reached by another flow"),
    Rule(number="EXT.142, EXT.049", code="instantiating_with_incoming", places=instantiating_with_incoming,
         severity="error", zh="启动流程的事件网关或接收任务不能有入线",
         en="An event-based gateway or receive task that starts the process must not have incoming flows"),
    Rule(number="EXT.134", code="parallel_condition", places=parallel_condition, fix="remove_condition",
         zh="并行网关的出线不看条件", en="A parallel gateway does not look at conditions on its flows",
         mend=("去掉条件或改用包容网关", "Remove the condition or use an inclusive gateway")),
)  # fmt: skip
