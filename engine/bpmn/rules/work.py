"""What tasks, calls and multi-instances take and give must fit the messages, operations and processes they name."""

from collections.abc import Iterator

from engine.bpmn.rules.rule import SUB_PROCESSES, Model, Rule, executable, kid_texts, kids
from engine.bpmn.tag import Tag


def _spec(tag: Tag) -> Tag | None:
    return next(iter(kids(tag, "ioSpecification")), None)


def _parts(tag: Tag, name: str) -> list[Tag]:
    spec = _spec(tag)
    return kids(spec, name) if spec is not None else []


def service_input_sets(model: Model) -> Iterator[Tag]:
    for tag in model.all("serviceTask"):
        if tag.attributes.get("operationRef") and len(_parts(tag, "inputSet")) != 1:
            yield tag


def service_output_sets(model: Model) -> Iterator[Tag]:
    for tag in model.all("serviceTask"):
        if tag.attributes.get("operationRef") and len(_parts(tag, "outputSet")) > 1:
            yield tag


def _fits(model: Model, parts: list[Tag], item: str) -> bool:
    """Whether one of the inputs or outputs is declared with the same item, or with one of the same structure."""
    for part in parts:
        mine = part.attributes.get("itemSubjectRef", "")
        if mine and (mine == item or (model.structure(mine) and model.structure(mine) == model.structure(item))):
            return True
    return False


def _operation_item(model: Model, tag: Tag, side: str) -> str:
    operation = model.context.refer(tag.attributes.get("operationRef", ""), "operation")
    names = kid_texts(operation, side) if operation is not None else []
    message = model.context.refer(names[0], "message") if names else None
    return message.attributes.get("itemRef", "") if message is not None else ""


def service_input_item(model: Model) -> Iterator[Tag]:
    for tag in model.all("serviceTask"):
        inputs = _parts(tag, "dataInput")
        item = _operation_item(model, tag, "inMessageRef")
        if tag.attributes.get("operationRef") and inputs and not _fits(model, inputs, item):
            yield tag


def service_output_item(model: Model) -> Iterator[Tag]:
    for tag in model.all("serviceTask"):
        item = _operation_item(model, tag, "outMessageRef")
        if item and not _fits(model, _parts(tag, "dataOutput"), item):
            yield tag


def _too_many(model: Model, task: str, part: str) -> Iterator[Tag]:
    return (tag for tag in model.all(task) if tag.attributes.get("messageRef") and len(_parts(tag, part)) > 1)


def send_input_sets(model: Model) -> Iterator[Tag]:
    return _too_many(model, "sendTask", "inputSet")


def send_inputs(model: Model) -> Iterator[Tag]:
    return _too_many(model, "sendTask", "dataInput")


def receive_output_sets(model: Model) -> Iterator[Tag]:
    return _too_many(model, "receiveTask", "outputSet")


def receive_outputs(model: Model) -> Iterator[Tag]:
    return _too_many(model, "receiveTask", "dataOutput")


def _message_item(model: Model, task: str, part: str) -> Iterator[Tag]:
    for tag in model.all(task):
        parts = _parts(tag, part)
        message = model.context.refer(tag.attributes.get("messageRef", ""), "message")
        item = message.attributes.get("itemRef", "") if message is not None else ""
        if parts and not _fits(model, parts, item):
            yield tag


def send_item(model: Model) -> Iterator[Tag]:
    return _message_item(model, "sendTask", "dataInput")


def receive_item(model: Model) -> Iterator[Tag]:
    return _message_item(model, "receiveTask", "dataOutput")


def call_data(model: Model) -> Iterator[Tag]:
    """A call activity's inputs and outputs, and their sets, match those of what it calls, number by number."""
    for tag in model.all("callActivity"):
        called = model.context.refer(tag.attributes.get("calledElement", ""))
        if called is None or (_spec(tag) is None and _spec(called) is None):
            continue
        if any(len(_parts(tag, part)) != len(_parts(called, part)) for part in _SPEC_PARTS) or any(
            _structures(model, tag, part) != _structures(model, called, part) for part in _SPEC_PARTS[:2]
        ):
            yield tag


_SPEC_PARTS = ("dataInput", "dataOutput", "inputSet", "outputSet")


def _structures(model: Model, tag: Tag, part: str) -> list[str]:
    return sorted(model.structure(item.attributes.get("itemSubjectRef", "")) for item in _parts(tag, part))


def interface_without_binding(model: Model) -> Iterator[Tag]:
    return (
        ref.parent for ref in model.all("supportedInterfaceRef") if ref.parent and not kids(ref.parent, "ioBinding")
    )


def binding_mismatch(model: Model) -> Iterator[Tag]:
    for binding in model.all("ioBinding"):
        for attribute, side, part in (
            ("inputDataRef", "inMessageRef", "dataInput"),
            ("outputDataRef", "outMessageRef", "dataOutput"),
        ):
            found = model.context.refer(binding.attributes.get(attribute, ""), part, part.replace("data", "").lower())
            found = found or _set_member(model, binding, attribute, part)
            if found is None or not _fits(model, [found], _operation_item(model, binding, side)):
                yield binding
                break


def _set_member(model: Model, binding: Tag, attribute: str, part: str) -> Tag | None:
    """The standard lets a binding name the set: its first member counts."""
    holder = model.context.refer(binding.attributes.get(attribute, ""), "inputSet", "outputSet")
    names = kid_texts(holder, f"{part}Refs") if holder is not None else []
    return model.context.refer(names[0], part) if names else None


def loop_input_not_declared(model: Model) -> Iterator[Tag]:
    for tag in model.all("multiInstanceLoopCharacteristics"):
        holder = tag.parent
        references = kid_texts(tag, "loopDataInputRef")
        if holder is None or holder.name in SUB_PROCESSES or not references or not executable(tag):
            continue
        if references[0] not in {item.id for item in _parts(holder, "dataInput")}:
            yield tag


def _scalar(model: Model, tag: Tag, whole: str, one: str, kind: str) -> bool:
    references, items = kid_texts(tag, whole), kids(tag, one)
    if not references or not items or not executable(tag):
        return True
    collection = model.context.refer(references[0], kind)
    structure = model.structure(collection.attributes.get("itemSubjectRef", "")) if collection is not None else ""
    mine = model.structure(items[0].attributes.get("itemSubjectRef", ""))
    definition = model.context.refer(items[0].attributes.get("itemSubjectRef", ""), "itemDefinition")
    many = any(tag is not None and tag.attributes.get("isCollection") == "true" for tag in (items[0], definition))
    return bool(mine) and mine == structure and not many


def loop_output_type(model: Model) -> Iterator[Tag]:
    for tag in model.all("multiInstanceLoopCharacteristics"):
        if not _scalar(model, tag, "loopDataOutputRef", "outputDataItem", "dataOutput"):
            yield tag


def loop_input_type(model: Model) -> Iterator[Tag]:
    for tag in model.all("multiInstanceLoopCharacteristics"):
        if not _scalar(model, tag, "loopDataInputRef", "inputDataItem", "dataInput"):
            yield tag


RULES = (
    Rule(number="EXT.042", code="service_input_sets", places=service_input_sets, strict=True,
         zh="引用操作的服务任务必须恰好有一个 inputSet",
         en="A service task with an operation must have exactly one input set"),
    Rule(number="EXT.043", code="service_output_sets", places=service_output_sets, strict=True,
         zh="引用操作的服务任务至多有一个 outputSet",
         en="A service task with an operation has at most one output set"),
    Rule(number="EXT.044", code="service_input_item", places=service_input_item, strict=True,
         zh="服务任务的输入与操作的输入消息不一致",
         en="The service task's input does not fit the operation's message"),
    Rule(number="EXT.045", code="service_output_item", places=service_output_item, strict=True,
         zh="服务任务的输出与操作的输出消息不一致",
         en="The service task's output does not fit the operation's message"),
    Rule(number="EXT.046", code="send_input_sets", places=send_input_sets,
         zh="引用消息的发送任务至多有一个 inputSet", en="A send task with a message has at most one input set"),
    Rule(number="EXT.047", code="send_inputs", places=send_inputs,
         zh="引用消息的发送任务至多有一个 dataInput", en="A send task with a message has at most one data input"),
    Rule(number="EXT.048", code="send_item", places=send_item, strict=True,
         zh="发送任务的输入与消息的数据定义不一致", en="The send task's input does not fit the message"),
    Rule(number="EXT.050", code="receive_output_sets", places=receive_output_sets,
         zh="引用消息的接收任务至多有一个 outputSet", en="A receive task with a message has at most one output set"),
    Rule(number="EXT.051", code="receive_outputs", places=receive_outputs,
         zh="引用消息的接收任务至多有一个 dataOutput", en="A receive task with a message has at most one data output"),
    Rule(number="EXT.052", code="receive_item", places=receive_item, strict=True,
         zh="接收任务的输出与消息的数据定义不一致", en="The receive task's output does not fit the message"),
    Rule(number="EXT.063", code="call_data", places=call_data, strict=True,
         zh="调用活动的输入输出与被调用者不一致",
         en="The call activity's inputs and outputs do not match what it calls"),
    Rule(number="EXT.064", code="interface_without_binding", places=interface_without_binding, strict=True,
         zh="作为服务公开的流程需要 ioBinding", en="What is offered as a service needs an input and output binding"),
    Rule(number="EXT.065", code="binding_mismatch", places=binding_mismatch, strict=True,
         zh="ioBinding 的输入输出与操作不一致", en="The binding's input and output do not fit the operation"),
    Rule(number="EXT.068", code="loop_input_not_declared", places=loop_input_not_declared, strict=True,
         zh="loopDataInputRef 不是此任务的 dataInput", en="loopDataInputRef is no data input of this task"),
    Rule(number="EXT.069", code="loop_output_type", places=loop_output_type, strict=True,
         zh="outputDataItem 不是 loopDataOutputRef 的单个元素类型",
         en="outputDataItem is not of the type of one item of loopDataOutputRef"),
    Rule(number="EXT.070", code="loop_input_type", places=loop_input_type, strict=True,
         zh="inputDataItem 不是 loopDataInputRef 的单个元素类型",
         en="inputDataItem is not of the type of one item of loopDataInputRef"),
)  # fmt: skip
