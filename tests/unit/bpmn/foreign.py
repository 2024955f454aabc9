"""Files in the manner of other products' exports, written for these tests: (name, bytes) of each.

Each is a whole small model with the quirks that the product is known for: prefixes, encodings, extensions, several
pools, what it leaves away and what it writes too much.
"""

import itertools
import re

B = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

STANDARD = f'xmlns="{B}" xmlns:bpmndi="{DI}" xmlns:dc="{DC}" xmlns:di="{DD}" xmlns:xsi="{XSI}"'


def line(*nodes: str, start: int = 1) -> str:
    """Flows that join these ids one after another."""
    pairs = itertools.pairwise(nodes)
    return "".join(
        f'<sequenceFlow id="flow{start + n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairs)
    )


def whole(inside: str, *, spaces: str = "", roots: str = "", process: str = 'id="p" isExecutable="true"') -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {STANDARD} {spaces} targetNamespace="http://x">'
        f"{roots}<process {process}>{inside}</process></definitions>"
    )


def steps(*inner: str, spaces: str = "", roots: str = "", process: str = 'id="p" isExecutable="true"') -> str:
    """Start, these nodes (ids n1, n2 ...) one after another, end."""
    ids = [f"n{number}" for number in range(1, len(inner) + 1)]
    body = '<startEvent id="s"/>' + "".join(inner) + '<endEvent id="e"/>' + line("s", *ids, "e")
    return whole(body, spaces=spaces, roots=roots, process=process)


def prefixed(text: str, prefix: str) -> str:
    """The same with a prefix for every element of the standard."""
    text = text.replace(f'xmlns="{B}"', f'xmlns:{prefix}="{B}"')
    return re.sub(r"<(/?)(?![?!/])(?![\w.-]+:)([A-Za-z])", rf"<\1{prefix}:\2", text)


CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn" xmlns:design="http://flowable.org/design"'
ACTIVITI = 'xmlns:activiti="http://activiti.org/bpmn"'
SIGNAVIO = 'xmlns:signavio="http://www.signavio.com"'
DROOLS = 'xmlns:drools="http://www.jboss.org/drools" xmlns:g="http://www.jboss.org/drools/flow/gpd"'
BIZAGI = 'xmlns:bizagi="http://www.bizagi.com/bpmn20"'
TRISOTECH = 'xmlns:triso="http://www.trisotech.com/2015/triso/modeling" xmlns:trisofeed="http://trisotech.com/feed"'
ADONIS = 'xmlns:adonis="http://www.boc-group.com/ADONIS"'
BONITA = 'xmlns:model="http://www.bonitasoft.org/ns/bpm/process/client/7.2"'
USER = '<userTask id="n{}" name="Do {}"/>'


def user(number: int) -> str:
    return USER.format(number, number)


TEXTS: dict[str, str] = {}
"""Written as UTF-8."""

# bpmn.io

TEXTS["bpmn.io: a prefix of its own"] = prefixed(steps(user(1)), "bpmn")
TEXTS["bpmn.io: prefix semantic"] = prefixed(steps(user(1)), "semantic")
TEXTS["bpmn.io: not executable"] = steps(user(1), process='id="Process_0abc" isExecutable="false"')
TEXTS["bpmn.io: isExecutable absent"] = steps(user(1), process='id="Process_0abc"')
TEXTS["bpmn.io: colours"] = steps(
    user(1), spaces='xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" '
    'xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0"',
).replace("</process>", '</process><bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
    '<bpmndi:BPMNShape '
    'id="sh" bpmnElement="n1" bioc:stroke="#000" color:background-color="#fff"><dc:Bounds x="1" y="1" width="2" '
    'height="2"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>')  # fmt: skip
TEXTS["bpmn.io: groups, annotations, associations"] = whole(
    '<startEvent id="s"/><userTask id="n1"/><endEvent id="e"/>' + line("s", "n1", "e")
    + '<textAnnotation id="t"><text>Mind this</text></textAnnotation>'
    '<association id="a" associationDirection="None" sourceRef="n1" targetRef="t"/>'
    '<group id="g" categoryValueRef="cv"/>',
    roots='<category id="c"><categoryValue id="cv" value="Phase"/></category>',
)  # fmt: skip
TEXTS["bpmn.io: data objects and a store"] = whole(
    '<startEvent id="s"/><userTask id="n1"><property id="pr" name="__targetRef_placeholder"/><dataInputAssociation '
    'id="di"><sourceRef>ref</sourceRef><targetRef>pr</targetRef></dataInputAssociation><dataOutputAssociation id="do">'
    '<targetRef>store</targetRef></dataOutputAssociation></userTask><endEvent id="e"/>' + line("s", "n1", "e")
    + '<dataObjectReference id="ref" name="Order" dataObjectRef="obj"/><dataObject id="obj"/>'
    '<dataStoreReference id="store" name="CRM"/>',
)  # fmt: skip
TEXTS["bpmn.io: a store that is defined as a root"] = whole(
    '<startEvent id="s"/><userTask id="n1"/><endEvent id="e"/>' + line("s", "n1", "e")
    + '<dataStoreReference id="store" name="CRM" dataStoreRef="ds"/>',
    roots='<dataStore id="ds" name="CRM"/>',
)  # fmt: skip
TEXTS["bpmn.io: a file without a drawing"] = steps(user(1), user(2))
TEXTS["bpmn.io: two diagrams of one process"] = steps(
    '<subProcess id="n1"><startEvent id="i"/><endEvent id="j"/><sequenceFlow id="h" sourceRef="i" targetRef="j"/>'
    "</subProcess>"
).replace("</process>", "</process>" + "".join(
    f'<bpmndi:BPMNDiagram id="d{one}"><bpmndi:BPMNPlane id="pl{one}" bpmnElement="{one}"/></bpmndi:BPMNDiagram>'
    for one in ("p", "n1")
))  # fmt: skip
TEXTS["bpmn.io: a comment before the root and in the text"] = steps(user(1)).replace(
    "<definitions", "<!-- made by hand -->\n<definitions"
).replace("<endEvent", "<!-- the end --><endEvent")  # fmt: skip
TEXTS["bpmn.io: several lines in a name and HTML entities"] = steps(
    '<userTask id="n1" name="Do&#10;it &amp; &lt;go&gt;"/>'
)

# Pools

BOX = (
    '<collaboration id="c"><participant id="us" name="Us" processRef="p"/><participant id="them" name="Customer"/>'
    '<messageFlow id="m1" sourceRef="them" targetRef="n1"/><messageFlow id="m2" sourceRef="n2" targetRef="them"/>'
    "</collaboration>"
)
TEXTS["pools: a black box asks and is answered"] = whole(
    '<startEvent id="s"/><receiveTask id="n1" name="Question"/><sendTask id="n2" name="Answer"/><endEvent id="e"/>'
    + line("s", "n1", "n2", "e"), roots=BOX,
)  # fmt: skip
TEXTS["pools: two processes that talk"] = whole(
    '<startEvent id="s"/><intermediateThrowEvent id="n1" name="ask"><messageEventDefinition/></intermediateThrowEvent>'
    '<endEvent id="e"/>' + line("s", "n1", "e"),
    roots='<collaboration id="c"><participant id="a" processRef="p"/><participant id="b" processRef="q"/>'
    '<messageFlow id="m" sourceRef="n1" targetRef="qs"/></collaboration><process id="q" isExecutable="true">'
    '<startEvent id="qs"><messageEventDefinition/></startEvent><task id="qt"/><endEvent id="qe"/>'
    '<sequenceFlow id="q1" sourceRef="qs" targetRef="qt"/><sequenceFlow id="q2" sourceRef="qt" targetRef="qe"/>'
    '</process>',
)  # fmt: skip
TEXTS["pools: a pool with lanes within lanes"] = whole(
    '<laneSet id="ls"><lane id="l1" name="Sales"><flowNodeRef>s</flowNodeRef><childLaneSet id="cl"><lane id="l2" '
    'name="Inside sales"><flowNodeRef>n1</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></childLaneSet></lane>'
    '</laneSet>'
    '<startEvent id="s"/><userTask id="n1"/><endEvent id="e"/>' + line("s", "n1", "e"),
)  # fmt: skip
TEXTS["pools: a participant with a multiplicity and interfaces"] = whole(
    '<startEvent id="s"/><userTask id="n1"/><endEvent id="e"/>' + line("s", "n1", "e"),
    roots='<collaboration id="c" isClosed="true"><participant id="a" processRef="p">'
    '<participantMultiplicity minimum="0" '
    'maximum="2"/></participant></collaboration>',
)  # fmt: skip
TEXTS["pools: an empty process beside a full one"] = steps(user(1)).replace(
    "</definitions>", '<process id="empty" isExecutable="false"/></definitions>'
)  # fmt: skip

# Camunda 7

TEXTS["camunda 7: form, dates, people, retries, history"] = steps(
    '<userTask id="n1" camunda:formKey="embedded:app:forms/x.html" camunda:assignee="${starter}" '
    'camunda:candidateGroups="a,b" camunda:dueDate="${now()}" camunda:priority="80" camunda:asyncBefore="true">'
    "<extensionElements><camunda:failedJobRetryTimeCycle>R3/PT5M</camunda:failedJobRetryTimeCycle></extensionElements>"
    "</userTask>",
    spaces=CAMUNDA, process='id="p" isExecutable="true" camunda:historyTimeToLive="P30D" camunda:versionTag="1.2"',
)  # fmt: skip
TEXTS["camunda 7: heirs name the space otherwise"] = steps(
    '<serviceTask id="n1" operaton:type="external" operaton:topic="t"/>',
    spaces='xmlns:operaton="http://operaton.org/schema/1.0/bpmn"',
)  # fmt: skip
TEXTS["camunda 7: fox, its first name"] = steps(
    '<serviceTask id="n1" fox:class="org.x.Y"/>', spaces='xmlns:fox="http://www.camunda.com/fox"'
)  # fmt: skip
TEXTS["camunda 7: a delegate with fields and a result"] = steps(
    '<serviceTask id="n1" camunda:delegateExpression="${mailer}"><extensionElements><camunda:field name="to">'
    "<camunda:string>x</camunda:string></camunda:field></extensionElements></serviceTask>", spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: a connector with a map"] = steps(
    '<serviceTask id="n1"><extensionElements><camunda:connector><camunda:inputOutput><camunda:inputParameter name="h">'
    '<camunda:map><camunda:entry key="a">b</camunda:entry></camunda:map></camunda:inputParameter>'
    '<camunda:outputParameter name="r">${response}</camunda:outputParameter></camunda:inputOutput>'
    "<camunda:connectorId>http-connector</camunda:connectorId></camunda:connector></extensionElements></serviceTask>",
    spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: listeners of every kind"] = steps(
    '<userTask id="n1"><extensionElements><camunda:taskListener class="a.B" event="create"/><camunda:taskListener '
    'delegateExpression="${c}" event="complete"/><camunda:executionListener expression="${d.e(execution)}" '
    'event="end"/>'
    "</extensionElements></userTask>", spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: a bean decides"] = whole(
    '<startEvent id="s"/><exclusiveGateway id="g" default="f2"/><userTask id="a"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="e"/>'
    '<sequenceFlow id="f3" sourceRef="g" targetRef="a"><conditionExpression xsi:type="tFormalExpression">'
    "#{risk.of(order).level == 'high' and not done}</conditionExpression></sequenceFlow>"
    '<sequenceFlow id="f4" sourceRef="a" targetRef="e"/>', spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: multi-instance over a bean's list"] = steps(
    '<userTask id="n1"><multiInstanceLoopCharacteristics isSequential="true" camunda:collection="${staff.all()}" '
    'camunda:elementVariable="one"><completionCondition>${nrOfCompletedInstances &gt;= 1}</completionCondition>'
    "</multiInstanceLoopCharacteristics></userTask>", spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: an error event that refers to nothing"] = steps(
    '<task id="n1"/><boundaryEvent id="b" attachedToRef="n1"><errorEventDefinition errorRef="Gone"/></boundaryEvent>'
    '<endEvent id="z"/><sequenceFlow id="bz" sourceRef="b" targetRef="z"/>', spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: message and signal that refer to nothing"] = steps(
    '<intermediateCatchEvent id="n1"><messageEventDefinition messageRef="Gone"/></intermediateCatchEvent>',
    '<intermediateThrowEvent id="n2"><signalEventDefinition signalRef="Lost"/>'
    '</intermediateThrowEvent>', spaces=CAMUNDA,
)  # fmt: skip
TEXTS["camunda 7: a template's properties"] = steps(
    '<serviceTask id="n1" camunda:type="external" camunda:topic="t" camunda:modelerTemplate="x" '
    'camunda:modelerTemplateVersion="2"><extensionElements><camunda:properties><camunda:property name="a" value="b"/>'
    "</camunda:properties></extensionElements></serviceTask>", spaces=CAMUNDA,
)  # fmt: skip

# Camunda 8

TEXTS["camunda 8: a job, headers, mappings"] = steps(
    '<serviceTask id="n1"><extensionElements><zeebe:taskDefinition type="pay" retries="2"/><zeebe:taskHeaders>'
    '<zeebe:header key="a" value="b"/></zeebe:taskHeaders><zeebe:ioMapping><zeebe:input source="=1 + 1" target="two"/>'
    '<zeebe:output source="=paid" target="ok"/></zeebe:ioMapping></extensionElements></serviceTask>',
    spaces=ZEEBE,
)  # fmt: skip
TEXTS["camunda 8: a computed job type and listeners"] = steps(
    '<serviceTask id="n1"><extensionElements><zeebe:taskDefinition type="=&quot;pay-&quot; + kind"/>'
    '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="log"/></zeebe:executionListeners>'
    "</extensionElements></serviceTask>", spaces=ZEEBE,
)  # fmt: skip
TEXTS["camunda 8: a user task with a linked form"] = steps(
    '<userTask id="n1"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="f" bindingType="latest"/>'
    '<zeebe:assignmentDefinition assignee="=who" candidateGroups="=[&quot;a&quot;]"/><zeebe:priorityDefinition '
    'priority="=10"/><zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)"/></extensionElements></userTask>',
    spaces=ZEEBE,
)  # fmt: skip
TEXTS["camunda 8: a connector's message with a correlation key"] = steps(
    '<intermediateCatchEvent id="n1"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>', spaces=ZEEBE,
    roots='<message id="m" name="=&quot;paid-&quot; + no"><extensionElements><zeebe:subscription '
    'correlationKey="=order.id"/></extensionElements></message>',
)  # fmt: skip
TEXTS["camunda 8: an ad-hoc sub-process of an agent"] = steps(
    '<adHocSubProcess id="n1"><extensionElements><zeebe:adHoc activeElementsCollection="=[&quot;t1&quot;]"/>'
    '</extensionElements><task id="t1"/><task id="t2"/></adHocSubProcess>', spaces=ZEEBE,
)  # fmt: skip
TEXTS["camunda 8: a terminate end, a link, an escalation"] = whole(
    '<startEvent id="s"/><intermediateThrowEvent id="l1"><linkEventDefinition id="x" name="A"/>'
    '</intermediateThrowEvent>'
    '<intermediateCatchEvent id="l2"><linkEventDefinition id="y" name="A"/></intermediateCatchEvent>'
    '<intermediateThrowEvent id="x1"><escalationEventDefinition escalationRef="es"/></intermediateThrowEvent>'
    '<endEvent id="e"><terminateEventDefinition/></endEvent>' + line("s", "l1") + line("l2", "x1", "e", start=5),
    spaces=ZEEBE, roots='<escalation id="es" name="E" escalationCode="E1"/>',
)  # fmt: skip

# Flowable, Activiti

TEXTS["flowable: design's own notes"] = steps(
    '<userTask id="n1" flowable:candidateGroups="a" flowable:formFieldValidation="false"><extensionElements>'
    "<design:stencilid><![CDATA[FormTask]]></design:stencilid><design:stencilsuperid>x</design:stencilsuperid>"
    '<modeler:initiator-can-complete xmlns:modeler="http://flowable.org/modeler">false</modeler:initiator-can-complete>'
    "</extensionElements></userTask>", spaces=FLOWABLE,
)  # fmt: skip
TEXTS["flowable: an http task"] = steps(
    '<serviceTask id="n1" flowable:type="http"><extensionElements><flowable:field name="requestUrl"><flowable:string>'
    "<![CDATA[https://x.example]]></flowable:string></flowable:field></extensionElements></serviceTask>",
    spaces=FLOWABLE,
)  # fmt: skip
TEXTS["flowable: an event of the registry and a channel"] = steps(
    '<intermediateCatchEvent id="n1"><extensionElements><flowable:eventType>paid</flowable:eventType>'
    '<flowable:eventOutParameter source="no" target="no"/><flowable:channelKey>c</flowable:channelKey>'
    "</extensionElements></intermediateCatchEvent>", spaces=FLOWABLE,
)  # fmt: skip
TEXTS["flowable: a script in groovy with a result"] = steps(
    '<scriptTask id="n1" scriptFormat="groovy" flowable:resultVariable="x"><script>1 + 1</script></scriptTask>',
    spaces=FLOWABLE,
)  # fmt: skip
TEXTS["activiti: expression language, XPath, a listener"] = steps(
    '<userTask id="n1" activiti:assignee="kermit"><extensionElements><activiti:taskListener event="create" '
    'class="a.B"/></extensionElements></userTask>', spaces=ACTIVITI,
).replace("targetNamespace=", 'typeLanguage="http://www.w3.org/2001/XMLSchema" '
          'expressionLanguage="http://www.w3.org/1999/XPath" targetNamespace=')  # fmt: skip
TEXTS["activiti: form properties, a start form, an initiator"] = whole(
    '<startEvent id="s" activiti:initiator="me" activiti:formKey="f.form"><extensionElements><activiti:formProperty '
    'id="days" type="long" required="true"/></extensionElements></startEvent><userTask id="n1" '
    'activiti:assignee="${me}"/><endEvent id="e"/>' + line("s", "n1", "e"), spaces=ACTIVITI,
)  # fmt: skip
TEXTS["activiti: mail and a shell"] = steps(
    '<serviceTask id="n1" activiti:type="mail"><extensionElements><activiti:field name="to" stringValue="a@b"/>'
    "</extensionElements></serviceTask>",
    '<serviceTask id="n2" activiti:type="shell"><extensionElements><activiti:field name="command" stringValue="ls"/>'
    "</extensionElements></serviceTask>", spaces=ACTIVITI,
)  # fmt: skip

# Signavio, ADONIS, Bizagi, Trisotech, Visio

TEXTS["signavio: meta data and sid ids"] = steps(
    '<task id="n1" name="T"><extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/>'
    '<signavio:signavioLabel ref="text" x="1"/></extensionElements></task>', spaces=SIGNAVIO,
    process='id="sid-7C2B" isExecutable="false" isClosed="false" processType="None"',
).replace('"n1"', '"sid-A1"').replace('id="s"', 'id="sid-S"').replace('sourceRef="s"', 'sourceRef="sid-S"')  # fmt: skip
TEXTS["signavio: a gateway whose answers are names"] = whole(
    '<startEvent id="s"/><exclusiveGateway id="g" name="OK?" gatewayDirection="Diverging"/><task id="a"/><task id="b"/>'
    '<exclusiveGateway id="h" gatewayDirection="Converging"/><endEvent id="e"/>' + line("s", "g")
    + '<sequenceFlow id="y" name="yes" sourceRef="g" targetRef="a"/><sequenceFlow id="n" name="no" sourceRef="g" '
    'targetRef="b"/>' + line("a", "h", "e", start=7) + line("b", "h", start=11), spaces=SIGNAVIO,
)  # fmt: skip
TEXTS["adonis: its references and a performer"] = steps(
    '<task id="n1" name="T"><extensionElements><adonis:modelattributes>'
    '<adonis:attribute name="Order">1</adonis:attribute>'
    "</adonis:modelattributes></extensionElements></task>", spaces=ADONIS, process='id="p" isExecutable="false"',
)  # fmt: skip
TEXTS["bizagi: extensions everywhere and no executable"] = steps(
    '<task id="n1" name="Task 1" startQuantity="1" completionQuantity="1"><extensionElements><bizagi:BizagiExtensions>'
    '<bizagi:BizagiProperties><bizagi:BizagiProperty name="bgColor" value="#ECEFFF"/></bizagi:BizagiProperties>'
    "</bizagi:BizagiExtensions></extensionElements></task>", spaces=BIZAGI, process='id="Id_1"',
)  # fmt: skip
TEXTS["trisotech: an extension with its own ids"] = steps(
    '<task id="n1" triso:itemCreationDate="2020-01-01"><extensionElements>'
    '<trisofeed:id xmlns:trisofeed="http://trisotech'
    '.com/feed">x</trisofeed:id></extensionElements></task>', spaces=TRISOTECH, process='id="p" isExecutable="false"',
)  # fmt: skip
TEXTS["visio: no names, no ids of flows"] = steps('<task id="n1" name=""/>').replace(' id="flow1"', "").replace(
    ' id="flow2"', ""
)  # fmt: skip
TEXTS["sparx: item definitions and resources"] = steps(
    '<userTask id="n1"><performer id="pf"><resourceRef>r</resourceRef></performer></userTask>',
    roots='<itemDefinition id="it" structureRef="xsd:string" isCollection="false"/><resource id="r" name="Clerk"/>'
    '<interface id="if" name="I"><operation id="op" name="O"><inMessageRef>ms</inMessageRef></operation></interface>'
    '<message id="ms" itemRef="it"/>',
)  # fmt: skip
TEXTS["a vendor that nobody knows"] = steps(
    '<task id="n1" zz:speed="9"><extensionElements><zz:deep><zz:deeper a="b"/></zz:deep></extensionElements></task>',
    spaces='xmlns:zz="urn:nobody:knows"',
)  # fmt: skip

# jBPM, Kogito, Bonita

TEXTS["jbpm: work items with data associations"] = steps(
    '<task id="n1" drools:taskName="Email"><ioSpecification id="io">'
    '<dataInput id="din" name="To" drools:dtype="String"/>'
    '<inputSet id="is"><dataInputRefs>din</dataInputRefs></inputSet><outputSet id="os"/></ioSpecification>'
    '<dataInputAssociation id="da"><targetRef>din</targetRef><assignment><from xsi:type="tFormalExpression">a@b</from>'
    '<to xsi:type="tFormalExpression">din</to></assignment></dataInputAssociation></task>', spaces=DROOLS,
    process='id="com.x.p" drools:packageName="com.x" drools:version="1.0" drools:adHoc="false" isExecutable="true"',
)  # fmt: skip
TEXTS["jbpm: java conditions"] = whole(
    '<property id="n" itemSubjectRef="it"/><startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="a"/><endEvent '
    'id="b"/>' + line("s", "g")
    + '<sequenceFlow id="y" sourceRef="g" targetRef="a"><conditionExpression xsi:type="tFormalExpression" '
    'language="http://www.java.com/java"><![CDATA[return n > 3;]]></conditionExpression></sequenceFlow>'
    '<sequenceFlow id="z" sourceRef="g" targetRef="b"><conditionExpression xsi:type="tFormalExpression" '
    'language="http://www.java.com/java">return n &lt;= 3;</conditionExpression></sequenceFlow>', spaces=DROOLS,
    roots='<itemDefinition id="it" structureRef="Integer"/>',
)  # fmt: skip
TEXTS["jbpm: a timer in its own units"] = steps(
    '<intermediateCatchEvent id="n1"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">500ms'
    "</timeDuration></timerEventDefinition></intermediateCatchEvent>", spaces=DROOLS,
)  # fmt: skip
TEXTS["bonita: a connector in its own namespace"] = steps(
    '<serviceTask id="n1" implementation="##WebService" operationRef="op"/>', spaces=BONITA,
    roots='<interface id="if" name="Mail"><operation id="op" name="send"/></interface>',
)  # fmt: skip

# The standard's own corners

TEXTS["standard: a default namespace of the draft of 2010"] = steps(user(1)).replace(
    B, "http://schema.omg.org/spec/BPMN/2.0"
)  # fmt: skip
TEXTS["standard: empty conditions beside a default"] = whole(
    '<startEvent id="s"/><exclusiveGateway id="g" default="d"/><endEvent id="a"/><endEvent id="b"/>' + line("s", "g")
    + '<sequenceFlow id="c" sourceRef="g" targetRef="a"><conditionExpression xsi:type="tFormalExpression"/>'
    '</sequenceFlow>'
    '<sequenceFlow id="d" sourceRef="g" targetRef="b"/>',
)  # fmt: skip
TEXTS["standard: references with prefixes"] = steps(
    '<receiveTask id="n1" messageRef="tns:m"/>', roots='<message id="m" name="M"/>', spaces='xmlns:tns="http://x"'
)  # fmt: skip
TEXTS["standard: shared event definitions"] = steps(
    '<intermediateCatchEvent id="n1"><eventDefinitionRef>ted</eventDefinitionRef></intermediateCatchEvent>',
    roots='<timerEventDefinition id="ted"><timeDuration xsi:type="tFormalExpression">PT1M</timeDuration>'
    "</timerEventDefinition>",
)  # fmt: skip
TEXTS["standard: several start events"] = whole(
    '<startEvent id="s"/><startEvent id="t"><messageEventDefinition messageRef="m"/></startEvent><task id="n1"/>'
    '<endEvent id="e"/>' + line("s", "n1", "e") + line("t", "n1", start=9), roots='<message id="m" name="M"/>',
)  # fmt: skip
TEXTS["standard: no start and no end"] = whole('<task id="a"/><task id="b"/>' + line("a", "b"))
TEXTS["standard: a call of a process of the same file"] = steps(
    '<callActivity id="n1" calledElement="q"/>',
).replace("</definitions>", '<process id="q" isExecutable="true"><startEvent id="qs"/><endEvent id="qe"/>'
          '<sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/></process></definitions>')  # fmt: skip
TEXTS["standard: compensation by association"] = whole(
    '<startEvent id="s"/><task id="n1"/><boundaryEvent id="b" attachedToRef="n1"><compensateEventDefinition/>'
    '</boundaryEvent><task id="undo" isForCompensation="true"/><association id="as" associationDirection="One" '
    'sourceRef="b" targetRef="undo"/><endEvent id="e"><compensateEventDefinition/></endEvent>' + line("s", "n1", "e"),
)  # fmt: skip
TEXTS["standard: monitoring, auditing, documentation, relationship"] = steps(
    '<task id="n1"><documentation textFormat="text/html">&lt;b&gt;x&lt;/b&gt;</documentation><auditing/><monitoring/>'
    "</task>", roots='<relationship type="x"><source>a</source><target>b</target></relationship>'
    '<import importType="http://www.w3.org/2001/XMLSchema" location="x.xsd" namespace="http://y"/>',
)  # fmt: skip
TEXTS["standard: a choreography and a conversation beside"] = steps(user(1)).replace(
    "</definitions>", '<choreography id="ch"><choreographyTask id="ct" initiatingParticipantRef="pa"><participantRef>pa'
    "</participantRef></choreographyTask></choreography></definitions>",
)  # fmt: skip
TEXTS["standard: an event-based gateway with a timer and a message"] = whole(
    '<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="a"><messageEventDefinition/>'
    '</intermediateCatchEvent><intermediateCatchEvent id="b"><timerEventDefinition><timeDuration>"PT1H"</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><endEvent id="e"/>' + line("s", "g", "a", "e")
    + line("g", "b", "e", start=9),
)  # fmt: skip

# Events, loops and gateways as modellers draw them

SUB = '<startEvent id="i{0}"/><userTask id="w{0}"/><endEvent id="j{0}"/><sequenceFlow id="x{0}" sourceRef="i{0}" ' + (
    'targetRef="w{0}"/><sequenceFlow id="y{0}" sourceRef="w{0}" targetRef="j{0}"/>'
)
TEXTS["drawn: a boundary timer that does not interrupt, on a sub-process"] = whole(
    f'<startEvent id="s"/><subProcess id="n1">{SUB.format(1)}</subProcess><boundaryEvent id="b" attachedToRef="n1" '
    'cancelActivity="false"><timerEventDefinition><timeCycle xsi:type="tFormalExpression">R3/PT1H</timeCycle>'
    '</timerEventDefinition></boundaryEvent><task id="r"/><endEvent id="z"/><endEvent id="e"/>'
    + line("s", "n1", "e") + line("b", "r", "z", start=7),
)  # fmt: skip
TEXTS["drawn: an event sub-process without a marker of its start"] = whole(
    '<startEvent id="s"/><userTask id="n1"/><endEvent id="e"/>' + line("s", "n1", "e")
    + '<subProcess id="v" triggeredByEvent="true"><startEvent id="vs" isInterrupting="false"><messageEventDefinition '
    'messageRef="m"/></startEvent><task id="vt"/><endEvent id="ve"/>' + line("vs", "vt", "ve", start=7)
    + "</subProcess>", roots='<message id="m" name="Help"/>',
)  # fmt: skip
TEXTS["drawn: a loop marker, and instances without a number"] = steps(
    '<userTask id="n1"><standardLoopCharacteristics/></userTask>',
    '<userTask id="n2"><multiInstanceLoopCharacteristics/></userTask>',
)  # fmt: skip
TEXTS["drawn: an inclusive choice and its join"] = whole(
    '<startEvent id="s"/><inclusiveGateway id="g" default="f3"/><task id="a"/><task id="b"/><task id="d"/>'
    '<inclusiveGateway id="h"/><endEvent id="e"/>' + line("s", "g")
    + '<sequenceFlow id="f1a" sourceRef="g" targetRef="a"><conditionExpression>x &gt; 1</conditionExpression>'
    '</sequenceFlow><sequenceFlow id="f2a" sourceRef="g" targetRef="b"><conditionExpression>y = "k"'
    '</conditionExpression></sequenceFlow><sequenceFlow id="f3" sourceRef="g" targetRef="d"/>'
    + line("a", "h", "e", start=20) + line("b", "h", start=30) + line("d", "h", start=40),
)  # fmt: skip
TEXTS["drawn: a complex gateway with an activation"] = whole(
    '<startEvent id="s"/><parallelGateway id="g"/><task id="a"/><task id="b"/><complexGateway id="h">'
    "<activationCondition>activationCount &gt;= 1</activationCondition></complexGateway><endEvent id=\"e\"/>"
    + line("s", "g", "a", "h", "e") + line("g", "b", "h", start=30),
)  # fmt: skip
TEXTS["drawn: a transaction that is cancelled"] = whole(
    '<startEvent id="s"/><transaction id="n1"><startEvent id="i"/><endEvent id="j"><cancelEventDefinition/></endEvent>'
    '<sequenceFlow id="ij" sourceRef="i" targetRef="j"/></transaction><boundaryEvent id="b" attachedToRef="n1">'
    '<cancelEventDefinition/></boundaryEvent><endEvent id="z"/><endEvent id="e"/>' + line("s", "n1", "e")
    + line("b", "z", start=9),
)  # fmt: skip
TEXTS["drawn: an end event of each kind"] = whole(
    '<startEvent id="s"/><parallelGateway id="g"/>' + line("s", "g") + "".join(
        f'<endEvent id="e{kind}"><{kind}EventDefinition/></endEvent>' + line("g", f"e{kind}", start=20 + number)
        for number, kind in enumerate(("message", "signal", "escalation"))
    ),
)  # fmt: skip
TEXTS["drawn: a start by a timer in cron"] = whole(
    '<startEvent id="s"><timerEventDefinition><timeCycle>0 0/5 * * * ?</timeCycle></timerEventDefinition></startEvent>'
    '<task id="a"/>' + line("s", "a"),
)  # fmt: skip
TEXTS["drawn: a timer on a day of the calendar"] = steps(
    '<intermediateCatchEvent id="n1"><timerEventDefinition><timeDate>2031-05-01T10:00:00+08:00</timeDate>'
    "</timerEventDefinition></intermediateCatchEvent>"
)  # fmt: skip
TEXTS["drawn: a cycle with a start, Flowable's way"] = whole(
    '<startEvent id="s"/><userTask id="n1"/><boundaryEvent id="b" attachedToRef="n1" cancelActivity="false">'
    '<timerEventDefinition><timeCycle flowable:endDate="2027-01-01">R2/PT10M</timeCycle></timerEventDefinition>'
    '</boundaryEvent><endEvent id="z"/><endEvent id="e"/>' + line("s", "n1", "e") + line("b", "z", start=9),
    spaces=FLOWABLE,
)  # fmt: skip
TEXTS["drawn: incoming and outgoing written out"] = whole(
    '<startEvent id="s"><outgoing>flow1</outgoing></startEvent><task id="a"><incoming>flow1</incoming><outgoing>flow2'
    '</outgoing></task><endEvent id="e"><incoming>flow2</incoming></endEvent>' + line("s", "a", "e"),
)  # fmt: skip
TEXTS["drawn: a signal start and a signal throw"] = whole(
    '<startEvent id="s"><signalEventDefinition signalRef="sg"/></startEvent><intermediateThrowEvent id="n1">'
    '<signalEventDefinition signalRef="sg2"/></intermediateThrowEvent><endEvent id="e"/>' + line("s", "n1", "e"),
    roots='<signal id="sg" name="In"/><signal id="sg2"/>',
)  # fmt: skip
TEXTS["drawn: an error end inside, caught outside"] = whole(
    '<startEvent id="s"/><subProcess id="n1"><startEvent id="i"/><endEvent id="j"><errorEventDefinition errorRef="er"/>'
    '</endEvent><sequenceFlow id="ij" sourceRef="i" targetRef="j"/></subProcess><boundaryEvent id="b" '
    'attachedToRef="n1"><errorEventDefinition/></boundaryEvent>'
    '<endEvent id="z"/>' + line("s", "n1") + line("b", "z", start=5),
    roots='<error id="er" name="Broken"/>',
)  # fmt: skip
TEXTS["drawn: a conditional boundary"] = whole(
    '<startEvent id="s"/><userTask id="n1"/><boundaryEvent id="b" attachedToRef="n1"><conditionalEventDefinition>'
    '<condition xsi:type="tFormalExpression">${stock &lt; 5}</condition></conditionalEventDefinition></boundaryEvent>'
    '<endEvent id="z"/><endEvent id="e"/>' + line("s", "n1", "e") + line("b", "z", start=5), spaces=CAMUNDA,
)  # fmt: skip
TEXTS["drawn: a receive task that begins the process"] = whole(
    '<receiveTask id="s" instantiate="true" messageRef="m"/><endEvent id="e"/>' + line("s", "e"),
    roots='<message id="m" name="M"/>',
)  # fmt: skip
TEXTS["drawn: an event-based gateway that begins the process"] = whole(
    '<eventBasedGateway id="g" instantiate="true"/><intermediateCatchEvent id="a"><messageEventDefinition '
    'messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="b"><messageEventDefinition messageRef="n"/>'
    '</intermediateCatchEvent><endEvent id="e"/>' + line("g", "a", "e") + line("g", "b", "e", start=8),
    roots='<message id="m" name="M"/><message id="n" name="N"/>',
)  # fmt: skip
TEXTS["drawn: a flow with a condition out of a task"] = whole(
    '<startEvent id="s"/><task id="a" default="d"/><endEvent id="y"/><endEvent id="z"/>' + line("s", "a")
    + '<sequenceFlow id="c" sourceRef="a" targetRef="y"><conditionExpression>amount &gt; 3</conditionExpression>'
    '</sequenceFlow><sequenceFlow id="d" sourceRef="a" targetRef="z"/>',
)  # fmt: skip
TEXTS["drawn: several events on one end and one catch"] = whole(
    '<startEvent id="s"/><intermediateCatchEvent id="n1" parallelMultiple="true"><messageEventDefinition '
    'messageRef="m"/><signalEventDefinition signalRef="sg"/></intermediateCatchEvent><endEvent id="e">'
    '<messageEventDefinition messageRef="m"/><signalEventDefinition signalRef="sg"/></endEvent>' + line("s", "n1", "e"),
    roots='<message id="m" name="M"/><signal id="sg" name="S"/>',
)  # fmt: skip
TEXTS["drawn: nested sub-processes collapsed without a drawing"] = steps(
    f'<subProcess id="n1"><startEvent id="o"/><subProcess id="n1a">{SUB.format(2)}</subProcess><endEvent id="q"/>'
    + line("o", "n1a", "q", start=40) + "</subProcess>"
)  # fmt: skip
TEXTS["drawn: a sub-process that is empty"] = steps('<subProcess id="n1"/>')
TEXTS["drawn: a call that names nothing"] = steps('<callActivity id="n1" name="Elsewhere"/>')
TEXTS["drawn: a rule task and a script task that say nothing"] = steps(
    '<businessRuleTask id="n1"/>', '<scriptTask id="n2"/>', '<serviceTask id="n3"/>', '<sendTask id="n4"/>'
)  # fmt: skip
TEXTS["drawn: input and output sets, whiles and optionals"] = steps(
    '<userTask id="n1"><ioSpecification><dataInput id="in1" name="a"/><dataInput id="in2" name="b"/><dataOutput '
    'id="out1" name="c"/><inputSet><dataInputRefs>in1</dataInputRefs><optionalInputRefs>in2</optionalInputRefs>'
    "<whileExecutingInputRefs>in2</whileExecutingInputRefs></inputSet><outputSet><dataOutputRefs>out1</dataOutputRefs>"
    '</outputSet></ioSpecification><dataInputAssociation><sourceRef>ref</sourceRef><targetRef>in1</targetRef>'
    "</dataInputAssociation><dataOutputAssociation><sourceRef>out1</sourceRef><targetRef>ref</targetRef>"
    "</dataOutputAssociation></userTask>"
    '<dataObject id="obj" name="Order"/><dataObjectReference id="ref" name="Order" dataObjectRef="obj"><dataState '
    'name="new"/></dataObjectReference>',
)  # fmt: skip
TEXTS["drawn: a state of a shared data object that nobody defines"] = steps(
    '<task id="n1"/><dataObjectReference id="ref" name="Order" dataObjectRef="Gone"/>'
)  # fmt: skip

ENCODED: dict[str, bytes] = {}
_PLAIN = steps('<userTask id="n1" name="客户核对"/>')
for _encoding in ("UTF-16", "UTF-16LE", "UTF-16BE", "GBK", "GB2312", "GB18030", "Big5", "Shift_JIS", "ISO-8859-1"):
    _name = "客戶" if _encoding == "Big5" else "お客様" if _encoding == "Shift_JIS" else "客户"
    _text = _PLAIN.replace("UTF-8", _encoding).replace("客户核对", "Kündigung" if _encoding[:3] == "ISO" else _name)
    _bytes = _text.encode(_encoding)
    if _encoding in ("UTF-16LE", "UTF-16BE"):
        _bytes = ("\ufeff" + _text.replace(_encoding, "UTF-16")).encode(_encoding)
    ENCODED[f"encoded: {_encoding}"] = _bytes
ENCODED["encoded: UTF-8 with a byte order mark"] = b"\xef\xbb\xbf" + _PLAIN.encode()
ENCODED["encoded: UTF-8 without a declaration"] = _PLAIN.partition("?>")[2].encode()
ENCODED["encoded: UTF-16 without a declaration"] = ("\ufeff" + _PLAIN.partition("?>")[2]).encode("UTF-16LE")
ENCODED["encoded: blank lines before the declaration"] = b"\n\n" + _PLAIN.encode()
ENCODED["encoded: declared UTF-16, written as UTF-8"] = _PLAIN.replace('"UTF-8"', '"UTF-16"').encode()
ENCODED["encoded: carriage returns"] = _PLAIN.replace("><", ">\r\n<").encode()
ENCODED["encoded: a trailing null"] = _PLAIN.encode() + b"\n\n"

FILES: dict[str, bytes] = {**{name: text.encode() for name, text in TEXTS.items()}, **ENCODED}
