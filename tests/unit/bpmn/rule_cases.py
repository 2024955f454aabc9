"""For each rule of engine/bpmn/rules the smallest file that breaks it, and the nearest one that keeps it.

A case is (broken, kept); each is what stands inside the process ``p``, or (inside, beside it).
"""

FORMAL = 'xsi:type="tFormalExpression"'


def flow(source: str, target: str, inside: str = "", key: str = "") -> str:
    return f'<sequenceFlow id="{key or source + "_" + target}" sourceRef="{source}" targetRef="{target}">{inside}' + (
        "</sequenceFlow>"
    )


def condition(text: str = "a") -> str:
    return f"<conditionExpression {FORMAL}>{text}</conditionExpression>"


def message(source: str, target: str) -> str:
    """Two pools, ``P`` shows the process, ``Q`` the process ``q`` with a task ``x``; a flow between the two."""
    return (
        '<process id="q"><task id="x"/><startEvent id="qs"/><endEvent id="qe"/></process><collaboration id="c">'
        '<participant id="P" processRef="p"/><participant id="Q" processRef="q"/><participant id="B"/>'
        f'<messageFlow id="m" sourceRef="{source}" targetRef="{target}"/></collaboration>'
    )


def event(kind: str, key: str, definition: str = "", attributes: str = "") -> str:
    inside = f"<{definition}EventDefinition/>" if definition else ""
    return f'<{kind} id="{key}" {attributes}>{inside}</{kind}>'


def boundary(definition: str, attributes: str = "", host: str = "t") -> str:
    return event("boundaryEvent", "b", definition, f'attachedToRef="{host}" {attributes}')


def io(inputs: str = "", outputs: str = "", sets: str = "<inputSet/><outputSet/>") -> str:
    return f"<ioSpecification>{inputs}{outputs}{sets}</ioSpecification>"


TASK, NOTE = '<task id="t"/>', '<textAnnotation id="n"/>'
DEAD = '<exclusiveGateway id="g"/>'
CATCH, THROW = "intermediateCatchEvent", "intermediateThrowEvent"

FLOWS = {
    "flow_to_artifact": (TASK + NOTE + flow("t", "n"), TASK + NOTE + '<association sourceRef="t" targetRef="n"/>'),
    "flow_from_artifact": (TASK + NOTE + flow("n", "t"), TASK + NOTE + '<association sourceRef="n" targetRef="t"/>'),
    "message_to_artifact": ((TASK + NOTE, message("x", "n")), (TASK + NOTE, message("x", "t"))),
    "message_from_artifact": ((TASK + NOTE, message("n", "x")), (TASK + NOTE, message("t", "x"))),
    "flow_from_no_node": (TASK + '<dataObject id="d"/>' + flow("d", "t"), TASK + '<task id="d"/>' + flow("d", "t")),
    "flow_to_no_node": (
        TASK + '<subProcess id="d" triggeredByEvent="true"/>' + flow("t", "d"),
        TASK + '<subProcess id="d"/>' + flow("t", "d"),
    ),
    "flow_without_source": (TASK + flow("ghost", "t"), TASK + '<task id="ghost"/>' + flow("ghost", "t")),
    "flow_without_target": (TASK + flow("t", "ghost"), TASK + '<task id="ghost"/>' + flow("t", "ghost")),
    "flow_not_listed": (
        '<task id="t"><outgoing>f</outgoing></task><task id="u"/>' + flow("t", "u", key="f"),
        '<task id="t"><outgoing>f</outgoing></task><task id="u"><incoming>f</incoming></task>'
        + flow("t", "u", key="f"),
    ),
    "listed_flow_missing": (
        '<task id="t"><incoming>f</incoming></task><task id="u"/>' + flow("t", "u", key="f"),
        '<task id="t"><outgoing>f</outgoing></task><task id="u"/>' + flow("t", "u", key="f"),
    ),
    "flow_not_immediate": (
        TASK + '<task id="u"/><sequenceFlow id="f" sourceRef="t" targetRef="u" isImmediate="false"/>',
        TASK + '<task id="u"/><sequenceFlow id="f" sourceRef="t" targetRef="u" isImmediate="true"/>',
    ),
    "lone_conditional_flow": (
        TASK + '<task id="u"/>' + flow("t", "u", condition()),
        TASK + '<task id="u"/><task id="v"/>' + flow("t", "u", condition()) + flow("t", "v"),
    ),
    "default_of_another": (
        '<task id="t" default="f"/><task id="u" />' + flow("u", "t", key="f"),
        '<task id="t" default="f"/><task id="u" />' + flow("t", "u", key="f"),
    ),
    "crossing_flow": (
        TASK + '<subProcess id="u"><task id="i"/></subProcess>' + flow("t", "i"),
        TASK + '<subProcess id="u"><task id="i"/></subProcess>' + flow("t", "u"),
    ),
    "message_within_pool": ((TASK, message("P", "t")), (TASK, message("Q", "t"))),
    "message_at_choreography": (
        (TASK, message("k", "t") + '<choreography id="h"><choreographyTask id="k"/></choreography>'),
        (TASK, message("x", "t") + '<choreography id="h"><choreographyTask id="k"/></choreography>'),
    ),
    "message_at_no_place": ((TASK, message("x", "ghost")), (TASK, message("x", "t"))),
    "message_at_gateway": ((TASK + DEAD, message("x", "g")), (TASK + DEAD, message("x", "t"))),
}

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
STARTS_AND_ENDS = {
    "start_with_incoming": (START + TASK + flow("t", "s"), START + TASK + flow("s", "t")),
    "start_without_outgoing": (START + TASK, START + TASK + flow("s", "t")),
    "end_with_outgoing": (END + TASK + flow("e", "t"), END + TASK + flow("t", "e")),
    "end_without_incoming": (END + TASK, END + TASK + flow("t", "e")),
    "end_without_start": (END + TASK + flow("t", "e"), START + END + TASK + flow("t", "e")),
    "start_without_end": (START + TASK + flow("s", "t"), START + END + TASK + flow("s", "t")),
    "process_start_kind": (event("startEvent", "s", "error"), event("startEvent", "s", "signal")),
    "called_without_plain_start": (
        event("startEvent", "s", "timer") + '<callActivity id="t" calledElement="p"/>',
        START + '<callActivity id="t" calledElement="p"/>',
    ),
    "sub_process_start_kind": (
        f'<subProcess id="t">{event("startEvent", "s", "message")}</subProcess>',
        f'<subProcess id="t">{event("startEvent", "s")}</subProcess>',
    ),
    "message_from_start": ((START, message("s", "x")), (START + TASK, message("t", "x"))),
    "message_to_plain_start": (
        (START, message("x", "s")),
        (event("startEvent", "s", "message"), message("x", "s")),
    ),
    "message_to_end": ((END, message("x", "e")), (END + TASK, message("x", "t"))),
    "message_from_plain_end": ((END, message("e", "x")), (event("endEvent", "e", "message"), message("e", "x"))),
    "cancel_outside_transaction": (
        f'<subProcess id="t">{event("endEvent", "e", "cancel")}</subProcess>',
        f'<transaction id="t">{event("endEvent", "e", "cancel")}</transaction>',
    ),
    "end_kind": (event("endEvent", "e", "timer"), event("endEvent", "e", "terminate")),
    "without_incoming": (START + TASK, START + TASK + flow("s", "t")),
    "without_outgoing": (END + TASK, END + TASK + flow("t", "e")),
}

LINKS = '<intermediateThrowEvent id="a"><linkEventDefinition id="la" name="{0}">{1}</linkEventDefinition>' + (
    "</intermediateThrowEvent>"
    '<intermediateCatchEvent id="b"><linkEventDefinition id="lb" name="{2}">{3}</linkEventDefinition>'
    "</intermediateCatchEvent>"
)
UNDO = '<task id="u" isForCompensation="true"/>'
JOINED = '<association id="j" sourceRef="b" targetRef="u"/>'


def with_message(definition: str) -> str:
    return f'<startEvent id="s"><messageEventDefinition {definition}</messageEventDefinition></startEvent>'


def with_condition(text: str) -> str:
    return f'<startEvent id="s"><conditionalEventDefinition>{text}</conditionalEventDefinition></startEvent>'


EVENTS = {
    "boundary_kind": (TASK + boundary("error", 'cancelActivity="false"'), TASK + boundary("error")),
    "boundary_cancel": (TASK + boundary("cancel"), '<transaction id="t"/>' + boundary("cancel")),
    "boundary_without_host": (TASK + boundary("timer", host="ghost"), TASK + boundary("timer")),
    "boundary_with_incoming": (TASK + boundary("timer") + flow("t", "b"), TASK + boundary("timer") + flow("b", "t")),
    "boundary_without_outgoing": (TASK + boundary("timer"), TASK + boundary("timer") + flow("b", "t")),
    "compensation_with_outgoing": (
        TASK + UNDO + JOINED + boundary("compensate") + flow("b", "t"),
        TASK + UNDO + JOINED + boundary("compensate"),
    ),
    "compensation_without_handler": (
        TASK + UNDO + boundary("compensate"),
        TASK + UNDO + JOINED + boundary("compensate"),
    ),
    "compensation_in_flow": (TASK + UNDO + flow("t", "u"), TASK + UNDO),
    "event_without_incoming": (TASK + event(THROW, "i"), TASK + event(THROW, "i") + flow("t", "i")),
    "event_without_outgoing": (TASK + event(THROW, "i"), TASK + event(THROW, "i") + flow("i", "t")),
    "link_in_the_middle": (LINKS.format("x", "", "x", "") + flow("a", "b"), LINKS.format("x", "", "x", "")),
    "link_mismatch": (
        LINKS.format("x", "<target>lb</target>", "x", ""),
        LINKS.format("x", "<target>lb</target>", "x", "<source>la</source>"),
    ),
    "link_without_target": (LINKS.format("x", "", "y", ""), LINKS.format("x", "", "x", "")),
    "link_target_count": (LINKS.format("x", "", "x", ""), LINKS.format("x", "<target>lb</target>", "x", "")),
    "link_without_source": (LINKS.format("x", "", "x", ""), LINKS.format("x", "", "x", "<source>la</source>")),
    "link_across_levels": (
        '<intermediateThrowEvent id="a"><linkEventDefinition id="la" name="x"><target>lb</target></linkEventDefinition>'
        '</intermediateThrowEvent><subProcess id="u"><intermediateCatchEvent id="b"><linkEventDefinition id="lb" '
        'name="x"/></intermediateCatchEvent></subProcess>',
        LINKS.format("x", "<target>lb</target>", "x", "<source>la</source>"),
    ),
    "message_against_the_event": (
        (event(THROW, "i", "message"), message("x", "i")),
        (event(THROW, "i", "message"), message("i", "x")),
    ),
    "catch_kind": (event(CATCH, "i", "error"), event(CATCH, "i", "timer")),
    "catch_compensation": (event(CATCH, "i", "compensate"), event(THROW, "i", "compensate")),
    "throw_kind": (event(THROW, "i", "timer"), event(THROW, "i", "escalation")),
    "condition_not_formal": (
        with_condition("<condition>a</condition>"),
        with_condition(f"<condition {FORMAL}>a</condition>"),
    ),
    "message_not_defined": (
        (with_message('messageRef="ghost">'), '<message id="m" name="M"/>'),
        (with_message('messageRef="m">'), '<message id="m" name="M"/>'),
    ),
    "message_without_operation": (with_message(">"), with_message("><operationRef>o</operationRef>")),
    "escalation_without_code": (
        (event("endEvent", "e", "escalation"), ""),
        (
            '<endEvent id="e"><escalationEventDefinition escalationRef="x"/></endEvent>',
            '<escalation id="x" escalationCode="1"/>',
        ),
    ),
    "error_without_code": (
        ('<endEvent id="e"><errorEventDefinition errorRef="x"/></endEvent>', '<error id="x" name="X"/>'),
        ('<endEvent id="e"><errorEventDefinition errorRef="x"/></endEvent>', '<error id="x" errorCode="1"/>'),
    ),
    "throw_definition_shared": (
        '<endEvent id="e"><signalEventDefinition id="d"/></endEvent><startEvent id="s">'
        "<eventDefinitionRef>d</eventDefinitionRef></startEvent>",
        (
            '<endEvent id="e"><eventDefinitionRef>d</eventDefinitionRef></endEvent><startEvent id="s">'
            "<eventDefinitionRef>d</eventDefinitionRef></startEvent>",
            '<signalEventDefinition id="d"/>',
        ),
    ),
}

THREE = '<task id="t"/><task id="u"/><task id="v"/>'


def gateway(kind: str, attributes: str = "") -> str:
    return f'<{kind}Gateway id="g" {attributes}/>'


def chosen(first: str, second: str, more: str = "") -> str:
    """An event-based gateway and the two that follow it, ``a`` and ``b``."""
    return gateway("eventBased") + first + second + flow("g", "a") + flow("g", "b") + more


TIMER_A, MAIL_B = event(CATCH, "a", "timer"), event(CATCH, "b", "message")
RECEIVE_A = '<receiveTask id="a" messageRef="m"/>'

GATEWAYS = {
    "converging_gateway": (
        gateway("parallel", 'gatewayDirection="Converging"') + THREE + flow("g", "t") + flow("g", "u"),
        gateway("parallel", 'gatewayDirection="Converging"') + THREE + flow("t", "g") + flow("u", "g") + flow("g", "v"),
    ),
    "diverging_gateway": (
        gateway("parallel", 'gatewayDirection="Diverging"') + THREE + flow("t", "g") + flow("u", "g"),
        gateway("parallel", 'gatewayDirection="Diverging"') + THREE + flow("g", "t") + flow("g", "u"),
    ),
    "mixed_gateway": (
        gateway("parallel", 'gatewayDirection="Mixed"') + THREE + flow("t", "g") + flow("g", "u") + flow("g", "v"),
        gateway("parallel", 'gatewayDirection="Mixed"')
        + THREE
        + flow("t", "g")
        + flow("u", "g")
        + flow("g", "v")
        + flow("g", "t"),
    ),
    "pointless_gateway": (
        gateway("parallel") + THREE + flow("t", "g") + flow("g", "u"),
        gateway("parallel") + THREE + flow("t", "g") + flow("g", "u") + flow("g", "v"),
    ),
    "gateway_dead_end": (gateway("inclusive") + THREE + flow("t", "g"), gateway("inclusive") + THREE + flow("g", "t")),
    "event_based_alone": (gateway("eventBased") + TIMER_A + flow("g", "a"), chosen(TIMER_A, MAIL_B)),
    "event_based_condition": (
        gateway("eventBased") + TIMER_A + MAIL_B + flow("g", "a", condition()) + flow("g", "b"),
        chosen(TIMER_A, MAIL_B),
    ),
    "event_based_follower": (chosen('<userTask id="a"/>', MAIL_B), chosen(RECEIVE_A, TIMER_A.replace('"a"', '"b"'))),
    "event_based_mixture": (chosen(RECEIVE_A, MAIL_B), chosen(RECEIVE_A, MAIL_B.replace("message", "signal"))),
    "event_based_boundary": (
        chosen(RECEIVE_A, MAIL_B, event("boundaryEvent", "k", "timer", 'attachedToRef="a"')),
        chosen(RECEIVE_A, MAIL_B, TASK + boundary("timer").replace('"b"', '"k"')),
    ),
    "event_based_other_way": (chosen(TIMER_A, MAIL_B, TASK + flow("t", "a")), chosen(TIMER_A, MAIL_B, TASK)),
    "instantiating_with_incoming": (
        TASK + '<receiveTask id="r" instantiate="true"/>' + flow("t", "r"),
        TASK + '<receiveTask id="r" instantiate="true"/>' + flow("r", "t"),
    ),
    "parallel_condition": (
        gateway("parallel") + THREE + flow("g", "t", condition()) + flow("g", "u"),
        gateway("inclusive") + THREE + flow("g", "t", condition()) + flow("g", "u"),
    ),
}


def event_sub(*starts: str, attributes: str = "") -> str:
    return f'<subProcess id="u" triggeredByEvent="true" {attributes}>{"".join(starts)}</subProcess>'


def multiple(inside: str) -> str:
    return f'<task id="t"><multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics></task>'


def participants(minimum: int, maximum: int) -> str:
    return (
        f'<collaboration id="c"><participant id="P" processRef="p"><participantMultiplicity minimum="{minimum}" '
        f'maximum="{maximum}"/></participant></collaboration>'
    )


STRUCTURE = {
    "import_not_read": (
        (TASK, '<import importType="http://www.w3.org/2001/XMLSchema" location="x.xsd" namespace="y"/>'),
        (TASK, ""),
    ),
    "informal_expression": (
        THREE + flow("t", "u", "<conditionExpression>a</conditionExpression>") + flow("t", "v"),
        THREE + flow("t", "u", condition()) + flow("t", "v"),
    ),
    "empty_expression": (
        THREE + flow("t", "u", condition("")) + flow("t", "v"),
        THREE + flow("t", "u", condition()) + flow("t", "v"),
    ),
    "event_sub_process_flow": (
        TASK + event_sub(event("startEvent", "s", "timer")) + flow("u", "t"),
        TASK + event_sub(event("startEvent", "s", "timer")),
    ),
    "event_sub_process_starts": (
        event_sub(event("startEvent", "s", "timer"), event("startEvent", "z", "timer")),
        event_sub(event("startEvent", "s", "timer")),
    ),
    "event_sub_process_kind": (event_sub(START), event_sub(event("startEvent", "s", "error"))),
    "ad_hoc_empty": ('<adHocSubProcess id="u"/>', f'<adHocSubProcess id="u">{TASK}</adHocSubProcess>'),
    "ad_hoc_contents": (
        f'<adHocSubProcess id="u">{TASK}{START}</adHocSubProcess>',
        f'<adHocSubProcess id="u">{TASK}</adHocSubProcess>',
    ),
    "choreography_in_process": ('<choreographyTask id="t"/>', TASK),
    "choreography_in_sub_process": (
        '<subProcess id="u"><subChoreography id="t"/></subProcess>',
        f'<subProcess id="u">{TASK}</subProcess>',
    ),
    "choreography_refers": (
        (TASK, '<choreography id="k"><choreographyRef>l</choreographyRef></choreography>'),
        (TASK, '<choreography id="k"/>'),
    ),
    "multiplicity_minimum": ((TASK, participants(-1, 1)), (TASK, participants(0, 1))),
    "multiplicity_maximum": ((TASK, participants(3, 2)), (TASK, participants(2, 2))),
    "start_quantity": ('<task id="t" startQuantity="0"/>', '<task id="t" startQuantity="1"/>'),
    "completion_quantity": ('<task id="t" completionQuantity="-1"/>', '<task id="t" completionQuantity="2"/>'),
    "script_without_format": (
        '<scriptTask id="t"><script>x = 1</script></scriptTask>',
        '<scriptTask id="t" scriptFormat="python"><script>x = 1</script></scriptTask>',
    ),
    "loop_not_counted": (multiple(""), multiple(f"<loopCardinality {FORMAL}>3</loopCardinality>")),
    "called_element_elsewhere": (
        '<callActivity id="t" calledElement="other"/>',
        ('<callActivity id="t" calledElement="other"/>', '<process id="other"/>'),
    ),
}

ITEMS = (
    '<itemDefinition id="one" structureRef="text"/><itemDefinition id="two" structureRef="number"/>'
    '<itemDefinition id="many" structureRef="text" isCollection="true"/>'
)


def sets(inputs: str = "", outputs: str = "") -> str:
    return (
        '<task id="t">'
        + io(
            '<dataInput id="i"/><dataInput id="k"/>',
            '<dataOutput id="o"/><dataOutput id="q"/>',
            f'<inputSet id="is">{inputs}</inputSet><outputSet id="os">{outputs}</outputSet>',
        )
        + "</task>"
    )


def refs(**names: str) -> str:
    return "".join(f"<{name}>{key}</{name}>" for name, keys in names.items() for key in keys.split())


def association(inside: str) -> str:
    return (
        '<dataObject id="d" itemSubjectRef="one"/><dataObject id="d2" itemSubjectRef="one"/><task id="t">'
        + io('<dataInput id="i" itemSubjectRef="one"/><dataInput id="k" itemSubjectRef="two"/>')
        + f"<dataInputAssociation>{inside}</dataInputAssociation></task>"
    )


def carried(items: str) -> str:
    return f'<endEvent id="e">{items}<messageEventDefinition messageRef="m"/></endEvent>'


LETTER = ITEMS + '<message id="m" itemRef="one"/>'
DATA = {
    "collection_mismatch": (
        ('<dataObject id="d" itemSubjectRef="many"/>', ITEMS),
        ('<dataObject id="d" itemSubjectRef="many" isCollection="true"/>', ITEMS),
    ),
    "reference_name": (
        '<dataObject id="d" name="Bill"/><dataObjectReference id="r" name="Bill" dataObjectRef="d">'
        '<dataState name="paid"/></dataObjectReference>',
        '<dataObject id="d" name="Bill"/><dataObjectReference id="r" name="Bill [paid]" dataObjectRef="d">'
        '<dataState name="paid"/></dataObjectReference>',
    ),
    "sub_process_specification": (f'<subProcess id="t">{io()}</subProcess>', f'<task id="t">{io()}</task>'),
    "input_in_no_set": (sets(refs(dataInputRefs="i")), sets(refs(dataInputRefs="i k"))),
    "output_in_no_set": (sets("", refs(dataOutputRefs="q")), sets("", refs(dataOutputRefs="o q"))),
    "optional_input": (
        sets(refs(dataInputRefs="i", optionalInputRefs="k")),
        sets(refs(dataInputRefs="i k", optionalInputRefs="k")),
    ),
    "executing_input": (
        sets(refs(dataInputRefs="i", whileExecutingInputRefs="k")),
        sets(refs(dataInputRefs="i k", whileExecutingInputRefs="k")),
    ),
    "optional_output": (
        sets("", refs(dataOutputRefs="o", optionalOutputRefs="q")),
        sets("", refs(dataOutputRefs="o q", optionalOutputRefs="q")),
    ),
    "executing_output": (
        sets("", refs(dataOutputRefs="o", whileExecutingOutputRefs="q")),
        sets("", refs(dataOutputRefs="o q", whileExecutingOutputRefs="q")),
    ),
    "set_references": (
        sets(refs(outputSetRefs="os"), ""),
        sets(refs(outputSetRefs="os"), refs(inputSetRefs="is")),
    ),
    "association_types": (
        (association(refs(sourceRef="d", targetRef="k")), ITEMS),
        (association(refs(sourceRef="d", targetRef="i")), ITEMS),
    ),
    "association_sources": (
        (association(refs(sourceRef="d d2", targetRef="i")), ITEMS),
        (association(refs(sourceRef="d", targetRef="i")), ITEMS),
    ),
    "event_data_count": (
        (carried('<dataInput id="i" itemSubjectRef="one"/><dataInput id="k" itemSubjectRef="one"/>'), LETTER),
        (carried('<dataInput id="i" itemSubjectRef="one"/>'), LETTER),
    ),
    "event_data_type": (
        (carried('<dataInput id="i" itemSubjectRef="two"/>'), LETTER),
        (carried('<dataInput id="i" itemSubjectRef="one"/>'), LETTER),
    ),
    "dangling_reference": (
        '<dataObjectReference id="r" dataObjectRef="ghost"/>',
        '<dataObject id="ghost"/><dataObjectReference id="r" dataObjectRef="ghost"/>',
    ),
}

SERVICE = LETTER + (
    '<message id="m2" itemRef="two"/><interface id="I" name="I"><operation id="op" name="O">'
    "<inMessageRef>m</inMessageRef><outMessageRef>m2</outMessageRef></operation></interface>"
)
ONE_IN, TWO_IN = '<dataInput id="i" itemSubjectRef="one"/>', '<dataInput id="i" itemSubjectRef="two"/>'
ONE_OUT, TWO_OUT = '<dataOutput id="o" itemSubjectRef="one"/>', '<dataOutput id="o" itemSubjectRef="two"/>'


def task(kind: str, attributes: str, inside: str = "") -> str:
    return f'<{kind} id="t" {attributes}>{inside}</{kind}>'


def service(inside: str) -> tuple[str, str]:
    return task("serviceTask", 'operationRef="op"', inside), SERVICE


def send(inside: str) -> tuple[str, str]:
    return task("sendTask", 'messageRef="m"', inside), LETTER


def receive(inside: str) -> tuple[str, str]:
    return task("receiveTask", 'messageRef="m"', inside), LETTER


def call(inside: str) -> tuple[str, str]:
    return task("callActivity", 'calledElement="q"', inside), ITEMS + f'<process id="q">{io(ONE_IN, "")}</process>'


def looped(inputs: str, loop: str) -> tuple[str, str]:
    return (
        f'<task id="t">{io(inputs)}<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics></task>',
        (ITEMS),
    )


MANY_IN = '<dataInput id="i" itemSubjectRef="many" isCollection="true"/>'
MANY_OUT = '<dataOutput id="o" itemSubjectRef="many" isCollection="true"/>'
WORK = {
    "service_input_sets": (
        service(io(ONE_IN, TWO_OUT, "<inputSet/><inputSet/><outputSet/>")),
        service(io(ONE_IN, TWO_OUT)),
    ),
    "service_output_sets": (
        service(io(ONE_IN, TWO_OUT, "<inputSet/><outputSet/><outputSet/>")),
        service(io(ONE_IN, TWO_OUT)),
    ),
    "service_input_item": (service(io(TWO_IN, TWO_OUT)), service(io(ONE_IN, TWO_OUT))),
    "service_output_item": (service(io(ONE_IN, ONE_OUT)), service(io(ONE_IN, TWO_OUT))),
    "send_input_sets": (send(io(ONE_IN, "", "<inputSet/><inputSet/><outputSet/>")), send(io(ONE_IN))),
    "send_inputs": (send(io(ONE_IN + '<dataInput id="i2"/>')), send(io(ONE_IN))),
    "send_item": (send(io(TWO_IN)), send(io(ONE_IN))),
    "receive_output_sets": (receive(io("", ONE_OUT, "<inputSet/><outputSet/><outputSet/>")), receive(io("", ONE_OUT))),
    "receive_outputs": (receive(io("", ONE_OUT + '<dataOutput id="o2"/>')), receive(io("", ONE_OUT))),
    "receive_item": (receive(io("", TWO_OUT)), receive(io("", ONE_OUT))),
    "call_data": (call(io(TWO_IN.replace('"i"', '"z"'))), call(io(ONE_IN.replace('"i"', '"z"')))),
    "loop_input_not_declared": (
        looped(MANY_IN, "<loopDataInputRef>other</loopDataInputRef>"),
        looped(MANY_IN, "<loopDataInputRef>i</loopDataInputRef>"),
    ),
    "loop_input_type": (
        looped(MANY_IN, '<loopDataInputRef>i</loopDataInputRef><inputDataItem id="x" itemSubjectRef="two"/>'),
        looped(MANY_IN, '<loopDataInputRef>i</loopDataInputRef><inputDataItem id="x" itemSubjectRef="one"/>'),
    ),
    "loop_output_type": (
        looped(MANY_OUT, '<loopDataOutputRef>o</loopDataOutputRef><outputDataItem id="x" itemSubjectRef="two"/>'),
        looped(MANY_OUT, '<loopDataOutputRef>o</loopDataOutputRef><outputDataItem id="x" itemSubjectRef="one"/>'),
    ),
}

CASES = {**FLOWS, **STARTS_AND_ENDS, **EVENTS, **GATEWAYS, **STRUCTURE, **DATA, **WORK}
ELSEWHERE = {
    "interface_without_binding": "a process that is offered as a service: tests of the sample files",
    "binding_mismatch": "the same",
    "public_executable": "an attribute of the process itself: test_rules_by_table",
}
"""Rules whose smallest file does not fit the table."""
