"""The writer word by word: what stands in a program, and the XML that says it.

``c:`` is our namespace, single quotes stand for double ones; expressions of the standard also say their type.
"""

import pytest
from lxml import etree

from engine.bpmn import names, write
from engine.bpmn.read import read
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Escalation, Passing, Performer, Promise, Worth
from engine.model.program import Artifact, Bounds, DataItem, Diagram, Flow, Lane, Program, canonical
from tests.unit.bpmn.shown import roots, shown


def feel(text: str) -> Expression:
    return Expression(text=text)


def word(text: str) -> Expression:
    return Expression(text=text, language="literal")


def juel(text: str) -> Expression:
    return Expression(text=text, language="juel")


def task(**fields) -> nodes.Task:
    return nodes.Task(id="n", **fields)


def user(**fields) -> nodes.UserTask:
    return nodes.UserTask(id="n", **fields)


def who(**fields) -> nodes.UserTask:
    return user(performer=Performer(**fields))


def service(**fields) -> nodes.ServiceTask:
    return nodes.ServiceTask(id="n", work=nodes.Work(**fields))


def many(**fields) -> nodes.Task:
    return task(loop=nodes.MultiInstance(**fields))


def rule(**fields) -> nodes.BusinessRuleTask:
    return nodes.BusinessRuleTask(id="n", **fields)


def call(**fields) -> nodes.CallActivity:
    return nodes.CallActivity(id="n", **fields)


def sub(**fields) -> nodes.SubProcess:
    return nodes.SubProcess(id="n", **fields)


def catch(*found, **fields) -> nodes.CatchEvent:
    return nodes.CatchEvent(id="n", triggers=found, **fields)


def throw(*found) -> nodes.ThrowEvent:
    return nodes.ThrowEvent(id="n", triggers=found)


def end(*found) -> nodes.EndEvent:
    return nodes.EndEvent(id="n", triggers=found)


def timer(kind, text, **fields) -> triggers.Timer:
    return triggers.Timer(kind=kind, text=text, **fields)


NODES = [
    (task(), "<task id='n'/>"),
    (task(name="核查 & <b>"), "<task id='n' name='核查 &amp; &lt;b&gt;'/>"),
    (task(documentation="why"), "<task id='n'><documentation>why</documentation></task>"),
    (
        task(documentation="why", asynchronous=True, inputs=(Mapping(target="a", source=feel("b + 1")),)),
        "<task id='n' c:asynchronous='true'><documentation>why</documentation><extensionElements>"
        "<c:input target='a'>b + 1</c:input></extensionElements></task>",
    ),
    (task(origin="op-1"), "<task id='n' c:origin='op-1'/>"),
    (
        task(texts={"zh-CN": "核查", "en": "Check"}),
        "<task id='n'><extensionElements><c:text locale='zh-CN'>核查</c:text>"
        "<c:text locale='en'>Check</c:text></extensionElements></task>",
    ),
    (
        task(notes={"colour": "red", "empty": ""}),
        "<task id='n'><extensionElements><c:note name='colour' value='red'/>"
        "<c:note name='empty' value=''/></extensionElements></task>",
    ),
    (task(default="f"), "<task id='n' default='f'/>"),
    (task(for_compensation=True), "<task id='n' isForCompensation='true'/>"),
    (task(start_quantity=2, completion_quantity=3), "<task id='n' startQuantity='2' completionQuantity='3'/>"),
    (task(asynchronous=True), "<task id='n' c:asynchronous='true'/>"),
    (
        task(before=nodes.Script(text="x = 1")),
        "<task id='n'><extensionElements><c:before language='python'>x = 1</c:before></extensionElements></task>",
    ),
    (
        task(after=nodes.Script(text="x", language="groovy")),
        "<task id='n'><extensionElements><c:after language='groovy'>x</c:after></extensionElements></task>",
    ),
    (
        task(inputs=(Mapping(target="a", source=word("5")), Mapping(target="b", source=juel("${x}")))),
        "<task id='n'><extensionElements><c:input target='a' language='literal'>5</c:input>"
        "<c:input target='b' language='juel'>${x}</c:input></extensionElements></task>",
    ),
    (
        task(outputs=(Mapping(target="a.b", source=feel("x")),)),
        "<task id='n'><extensionElements><c:output target='a.b'>x</c:output></extensionElements></task>",
    ),
    (
        task(promise=Promise(duration="PT4H")),
        "<task id='n'><extensionElements><c:promise duration='PT4H'/></extensionElements></task>",
    ),
    (
        task(
            promise=Promise(
                duration="P1D",
                calendar="cn",
                ladder=(
                    Escalation(at_percent=75, action="warn"),
                    Escalation(at_percent=100, action="reassign", to="l2"),
                ),
            )
        ),
        "<task id='n'><extensionElements><c:promise duration='P1D' calendar='cn'>"
        "<c:escalation atPercent='75' action='warn'/>"
        "<c:escalation atPercent='100' action='reassign' to='l2'/></c:promise></extensionElements></task>",
    ),
    (
        task(
            promise=Promise(
                duration="P1D",
                goal="PT4H",
                ladder=(
                    Escalation(at_percent=100, action="warn", of="goal"),
                    Escalation(at_percent=100, action="breach"),
                ),
            )
        ),
        "<task id='n'><extensionElements><c:promise duration='P1D' goal='PT4H'>"
        "<c:escalation atPercent='100' action='warn' of='goal'/>"
        "<c:escalation atPercent='100' action='breach'/></c:promise></extensionElements></task>",
    ),
    (task(worth=Worth(tag="NVA")), "<task id='n'><extensionElements><c:worth tag='NVA'/></extensionElements></task>"),
    (
        task(worth=Worth(value={"en": "peace"}, tag="VA", touch_minutes=2.5, cost_rate_per_hour=30, fixed_cost=1)),
        "<task id='n'><extensionElements>"
        "<c:worth tag='VA' touchMinutes='2.5' costRatePerHour='30' fixedCost='1'>"
        "<c:text locale='en'>peace</c:text></c:worth></extensionElements></task>",
    ),
    # standard loops and many instances
    (task(standard_loop=nodes.StandardLoop()), "<task id='n'><standardLoopCharacteristics/></task>"),
    (
        task(standard_loop=nodes.StandardLoop(condition=feel("n < 3"), test_before=True, maximum=9)),
        "<task id='n'><standardLoopCharacteristics testBefore='true' loopMaximum='9'>"
        "<loopCondition language='feel'>n &lt; 3</loopCondition></standardLoopCharacteristics></task>",
    ),
    (
        many(cardinality=feel("3")),
        "<task id='n'><multiInstanceLoopCharacteristics>"
        "<loopCardinality language='feel'>3</loopCardinality></multiInstanceLoopCharacteristics></task>",
    ),
    (
        many(cardinality=juel("${n}"), sequential=True),
        "<task id='n'><multiInstanceLoopCharacteristics isSequential='true'>"
        "<loopCardinality language='juel'>${n}</loopCardinality></multiInstanceLoopCharacteristics>"
        "</task>",
    ),
    (
        many(collection=feel("people"), element="one", index="i"),
        "<task id='n'><multiInstanceLoopCharacteristics c:element='one' c:index='i'><extensionElements>"
        "<c:collection>people</c:collection></extensionElements></multiInstanceLoopCharacteristics>"
        "</task>",
    ),
    (
        many(
            collection=feel("people"),
            output=feel("answer"),
            output_collection="answers",
            completion=feel("count(answers) > 1"),
        ),
        "<task id='n'><multiInstanceLoopCharacteristics c:outputCollection='answers'><extensionElements>"
        "<c:collection>people</c:collection><c:output>answer</c:output></extensionElements>"
        "<completionCondition language='feel'>count(answers) &gt; 1</completionCondition>"
        "</multiInstanceLoopCharacteristics></task>",
    ),
    # who does it
    (user(), "<userTask id='n'/>"),
    (who(assignee=word("anna")), "<userTask id='n' c:assignee='anna'/>"),
    (
        who(assignee=feel("customer.owner")),
        "<userTask id='n'><extensionElements><c:assignee>customer.owner</c:assignee></extensionElements></userTask>",
    ),
    (
        who(assignee=juel("${starter}")),
        "<userTask id='n'><extensionElements><c:assignee language='juel'>${starter}</c:assignee>"
        "</extensionElements></userTask>",
    ),
    (
        who(assignee=word("=anna")),
        "<userTask id='n'><extensionElements><c:assignee language='literal'>=anna</c:assignee>"
        "</extensionElements></userTask>",
    ),
    (who(users=(word("anna"), word("ben"))), "<userTask id='n' c:candidateUsers='anna,ben'/>"),
    (
        who(users=(word("anna"), feel("starter"))),
        "<userTask id='n'><extensionElements><c:candidateUser language='literal'>anna</c:candidateUser>"
        "<c:candidateUser>starter</c:candidateUser></extensionElements></userTask>",
    ),
    (
        who(groups=(word("sales"), word("a,b"))),
        "<userTask id='n'><extensionElements>"
        "<c:candidateGroup language='literal'>sales</c:candidateGroup>"
        "<c:candidateGroup language='literal'>a,b</c:candidateGroup></extensionElements></userTask>",
    ),
    (who(groups=(word("大客户"),)), "<userTask id='n' c:candidateGroups='大客户'/>"),
    (who(skill="de", rule="least_busy"), "<userTask id='n' c:skill='de' c:rule='least_busy'/>"),
    (who(sign_mode="any"), "<userTask id='n'/>"),
    (
        who(sign_mode="all", exclude_performers_of=("a", "b")),
        "<userTask id='n' c:signMode='all' c:excludePerformersOf='a,b'/>",
    ),
    (
        user(form="ask", due=word("P1D"), follow_up=feel("tomorrow()"), priority=word("7")),
        "<userTask id='n' c:form='ask' c:due='P1D' c:priority='7'><extensionElements>"
        "<c:followUp>tomorrow()</c:followUp></extensionElements></userTask>",
    ),
    (
        user(passing=Passing(starter=True)),
        "<userTask id='n'><extensionElements><c:passing starter='true'/></extensionElements></userTask>",
    ),
    (
        user(passing=Passing(same_person="before", nobody="incident")),
        "<userTask id='n'><extensionElements><c:passing samePerson='before' nobody='incident'/></extensionElements>"
        "</userTask>",
    ),
    (user(actions=("approve", "reject")), "<userTask id='n' c:actions='approve,reject'/>"),
    (nodes.ManualTask(id="n"), "<manualTask id='n'/>"),
    (
        nodes.ManualTask(id="n", performer=Performer(groups=(word("post"),))),
        "<manualTask id='n' c:candidateGroups='post'/>",
    ),
    # work
    (nodes.ServiceTask(id="n"), "<serviceTask id='n'/>"),
    (
        service(handler="notify"),
        "<serviceTask id='n'><extensionElements><c:work handler='notify' style='builtin'/>"
        "</extensionElements></serviceTask>",
    ),
    (
        service(handler="notify", style="external", result="r", retries=0),
        "<serviceTask id='n'><extensionElements>"
        "<c:work handler='notify' style='external' result='r' retries='0'/></extensionElements>"
        "</serviceTask>",
    ),
    (
        service(handler="Do.it", style="unbound", retries=3, priority=feel("p")),
        "<serviceTask id='n'><extensionElements><c:work handler='Do.it' style='unbound'>"
        "<c:priority>p</c:priority></c:work></extensionElements></serviceTask>",
    ),
    (
        service(
            handler="http", parameters=(Mapping(target="url", source=word("https://x")),), headers={"k": "v", "z": ""}
        ),
        "<serviceTask id='n'><extensionElements><c:work handler='http' style='builtin'>"
        "<c:parameter target='url' language='literal'>https://x</c:parameter>"
        "<c:header name='k' value='v'/><c:header name='z' value=''/></c:work></extensionElements>"
        "</serviceTask>",
    ),
    (nodes.SendTask(id="n", message=triggers.Message(name="M")), "<sendTask id='n' messageRef='Message_1'/>"),
    (
        nodes.ReceiveTask(id="n", message=triggers.Message(name="M", key=feel("order")), instantiate=True),
        "<receiveTask id='n' messageRef='Message_1' instantiate='true'><extensionElements>"
        "<c:key>order</c:key></extensionElements></receiveTask>",
    ),
    (
        nodes.ScriptTask(id="n", script="a < b", language="feel", result="r"),
        "<scriptTask id='n' c:result='r' scriptFormat='feel'><script>a &lt; b</script></scriptTask>",
    ),
    (nodes.ScriptTask(id="n"), "<scriptTask id='n' scriptFormat='python'/>"),
    (
        rule(decision="d", result="r", result_shape="singleEntry"),
        "<businessRuleTask id='n' c:result='r' c:decision='d' c:resultShape='singleEntry'/>",
    ),
    (
        rule(decision="d", binding="version", version="3"),
        "<businessRuleTask id='n' c:decision='d' c:version='3' c:binding='version'/>",
    ),
    (
        rule(decided_by=feel("which")),
        "<businessRuleTask id='n'><extensionElements><c:decidedBy>which</c:decidedBy></extensionElements>"
        "</businessRuleTask>",
    ),
    (call(called=word("other")), "<callActivity id='n' calledElement='other'/>"),
    (
        call(called=word("x:other")),
        "<callActivity id='n'><extensionElements><c:called language='literal'>x:other</c:called>"
        "</extensionElements></callActivity>",
    ),
    (
        call(called=juel("${which}")),
        "<callActivity id='n'><extensionElements><c:called language='juel'>${which}</c:called>"
        "</extensionElements></callActivity>",
    ),
    (
        call(called=word("other"), binding="versionTag", version="2.0"),
        "<callActivity id='n' c:version='2.0' c:binding='versionTag' calledElement='other'/>",
    ),
    (
        call(called=word("o"), pass_all_in=False, pass_all_out=False, business_key=feel("order.id")),
        "<callActivity id='n' calledElement='o' c:passAllIn='false' c:passAllOut='false'>"
        "<extensionElements><c:businessKey>order.id</c:businessKey></extensionElements></callActivity>",
    ),
    (sub(), "<subProcess id='n'/>"),
    (sub(variety="event"), "<subProcess id='n' triggeredByEvent='true'/>"),
    (sub(variety="transaction"), "<transaction id='n'/>"),
    (sub(variety="adHoc"), "<adHocSubProcess id='n'/>"),
    (
        sub(
            variety="adHoc",
            completion=feel("done"),
            ordering="sequential",
            cancel_remaining=False,
            active_elements=feel('["a"]'),
        ),
        "<adHocSubProcess id='n' ordering='Sequential' cancelRemainingInstances='false'>"
        "<extensionElements><c:activeElements>['a']</c:activeElements></extensionElements>"
        "<completionCondition language='feel'>done</completionCondition></adHocSubProcess>",
    ),
    # events
    (nodes.StartEvent(id="n", form="f", initiator="me"), "<startEvent id='n' c:form='f' c:initiator='me'/>"),
    (
        nodes.StartEvent(id="n", interrupting=False, triggers=(triggers.Escalation(code="E"),)),
        "<startEvent id='n' isInterrupting='false'>"
        "<escalationEventDefinition escalationRef='Escalation_1'/></startEvent>",
    ),
    (
        nodes.BoundaryEvent(id="n", attached_to="t", triggers=(triggers.Error(),)),
        "<boundaryEvent id='n' attachedToRef='t'><errorEventDefinition/></boundaryEvent>",
    ),
    (
        nodes.BoundaryEvent(id="n", attached_to="t", interrupting=False, triggers=(timer("duration", word("PT1H")),)),
        "<boundaryEvent id='n' attachedToRef='t' cancelActivity='false'><timerEventDefinition>"
        "<timeDuration language='literal'>PT1H</timeDuration></timerEventDefinition></boundaryEvent>",
    ),
    (
        catch(timer("date", feel("deadline"))),
        "<intermediateCatchEvent id='n'><timerEventDefinition>"
        "<timeDate language='feel'>deadline</timeDate></timerEventDefinition></intermediateCatchEvent>",
    ),
    (
        catch(timer("cycle", word("R3/PT1H"), calendar="cn")),
        "<intermediateCatchEvent id='n'><timerEventDefinition c:calendar='cn'>"
        "<timeCycle language='literal'>R3/PT1H</timeCycle></timerEventDefinition>"
        "</intermediateCatchEvent>",
    ),
    (
        catch(timer("duration", word("PT1H")), triggers.Signal(name=word("S")), parallel=True),
        "<intermediateCatchEvent id='n' parallelMultiple='true'><timerEventDefinition>"
        "<timeDuration language='literal'>PT1H</timeDuration></timerEventDefinition>"
        "<signalEventDefinition signalRef='Signal_1'/></intermediateCatchEvent>",
    ),
    (
        catch(triggers.Conditional(condition=feel("x > 1"), variable="x")),
        "<intermediateCatchEvent id='n'><conditionalEventDefinition c:variable='x'>"
        "<condition language='feel'>x &gt; 1</condition></conditionalEventDefinition>"
        "</intermediateCatchEvent>",
    ),
    (
        catch(triggers.Link(name="L")),
        "<intermediateCatchEvent id='n'><linkEventDefinition name='L'/></intermediateCatchEvent>",
    ),
    (
        catch(triggers.Message(name="M")),
        "<intermediateCatchEvent id='n'><messageEventDefinition messageRef='Message_1'/></intermediateCatchEvent>",
    ),
    (
        catch(triggers.Message(name="M", payload="p", properties=(("order", feel("id")),))),
        "<intermediateCatchEvent id='n'><messageEventDefinition messageRef='Message_1' c:payload='p'>"
        "<extensionElements><c:property name='order'>id</c:property></extensionElements>"
        "</messageEventDefinition></intermediateCatchEvent>",
    ),
    (
        catch(triggers.Message(name="M", mappings=(("a", feel("b")), ("", feel("all"))))),
        "<intermediateCatchEvent id='n'><messageEventDefinition messageRef='Message_1'>"
        "<extensionElements><c:data name='a'>b</c:data><c:data name=''>all</c:data></extensionElements>"
        "</messageEventDefinition></intermediateCatchEvent>",
    ),
    (
        catch(triggers.Message(name="M", named=feel('"M-" + x'))),
        "<intermediateCatchEvent id='n'><messageEventDefinition messageRef='Message_1'>"
        "<extensionElements><c:named>'M-' + x</c:named></extensionElements></messageEventDefinition>"
        "</intermediateCatchEvent>",
    ),
    (
        throw(triggers.Message(name="M", handler="kafka")),
        "<intermediateThrowEvent id='n'><messageEventDefinition messageRef='Message_1'>"
        "<extensionElements><c:handler>kafka</c:handler></extensionElements></messageEventDefinition>"
        "</intermediateThrowEvent>",
    ),
    (
        throw(triggers.Signal(name=word("S"))),
        "<intermediateThrowEvent id='n'><signalEventDefinition signalRef='Signal_1'/></intermediateThrowEvent>",
    ),
    (
        throw(triggers.Signal(name=juel("${s}"))),
        "<intermediateThrowEvent id='n'><signalEventDefinition signalRef='Signal_1'/></intermediateThrowEvent>",
    ),
    (
        throw(triggers.Signal(name=feel("s"))),
        "<intermediateThrowEvent id='n'><signalEventDefinition signalRef='Signal_1'><extensionElements>"
        "<c:name>s</c:name></extensionElements></signalEventDefinition></intermediateThrowEvent>",
    ),
    (
        throw(triggers.Signal(name=word("S"), payload="p", mappings=(("a", feel("b")),))),
        "<intermediateThrowEvent id='n'><signalEventDefinition signalRef='Signal_1' c:payload='p'>"
        "<extensionElements><c:data name='a'>b</c:data></extensionElements></signalEventDefinition>"
        "</intermediateThrowEvent>",
    ),
    (
        throw(triggers.Escalation(code="E1", code_variable="c")),
        "<intermediateThrowEvent id='n'>"
        "<escalationEventDefinition escalationRef='Escalation_1' c:codeVariable='c'/>"
        "</intermediateThrowEvent>",
    ),
    (
        throw(triggers.Compensate()),
        "<intermediateThrowEvent id='n'><compensateEventDefinition/></intermediateThrowEvent>",
    ),
    (
        throw(triggers.Compensate(activity="t", wait=False)),
        "<intermediateThrowEvent id='n'>"
        "<compensateEventDefinition activityRef='t' waitForCompletion='false'/></intermediateThrowEvent>",
    ),
    (
        end(triggers.Error(code="R1", code_variable="c", message_variable="m", message=feel("why"))),
        "<endEvent id='n'>"
        "<errorEventDefinition errorRef='Error_1' c:codeVariable='c' c:messageVariable='m'>"
        "<extensionElements><c:message>why</c:message></extensionElements></errorEventDefinition>"
        "</endEvent>",
    ),
    (end(triggers.Terminate()), "<endEvent id='n'><terminateEventDefinition/></endEvent>"),
    (end(triggers.Cancel()), "<endEvent id='n'><cancelEventDefinition/></endEvent>"),
    (
        nodes.EndEvent(id="n", work=nodes.Work(handler="mail")),
        "<endEvent id='n'><extensionElements><c:work handler='mail' style='builtin'/></extensionElements></endEvent>",
    ),
    # gateways
    (nodes.ExclusiveGateway(id="n", default="f"), "<exclusiveGateway id='n' default='f'/>"),
    (nodes.ParallelGateway(id="n"), "<parallelGateway id='n'/>"),
    (nodes.InclusiveGateway(id="n", name="which?"), "<inclusiveGateway id='n' name='which?'/>"),
    (
        nodes.ComplexGateway(id="n", activation=feel("count > 2")),
        "<complexGateway id='n'><activationCondition language='feel'>count &gt; 2</activationCondition>"
        "</complexGateway>",
    ),
    (nodes.EventBasedGateway(id="n"), "<eventBasedGateway id='n'/>"),
    (
        nodes.EventBasedGateway(id="n", instantiate=True, parallel=True),
        "<eventBasedGateway id='n' instantiate='true' eventGatewayType='Parallel'/>",
    ),
]


@pytest.mark.parametrize(("node", "xml"), NODES)
def test_a_node_in_the_words_of_the_standard_and_the_rest_in_ours(node, xml):
    assert shown(Program(key="p", nodes=(node,)), "n") == xml


@pytest.mark.parametrize("node", [node for node, _ in NODES])
def test_the_same_words_are_read_as_the_same_node(node):
    made = Program(key="p", nodes=(node,))
    reading = read(write.write(made))
    assert canonical(reading.programs[0]) == canonical(made)
    assert not {problem.code for problem in reading.problems} & {"extension_not_understood", "element_not_understood"}


def process(*parts, **fields) -> Program:
    def sort(kind):
        return tuple(part for part in parts if isinstance(part, kind))

    return Program(key="p", nodes=sort(nodes.Node), flows=sort(Flow), lanes=sort(Lane), data=sort(DataItem), **fields)


def fl(**fields) -> Flow:
    return Flow(id="f", source="a", target="b", **fields)


A, B = nodes.Task(id="a"), nodes.Task(id="b")
PROCESSES = [
    (process(), "p", "<process id='p' isExecutable='true'/>"),
    (process(name="投诉"), "p", "<process id='p' name='投诉' isExecutable='true'/>"),
    (process(executable=False), "p", "<process id='p' isExecutable='false'/>"),
    (
        process(documentation="why"),
        "p",
        "<process id='p' isExecutable='true'><documentation>why</documentation></process>",
    ),
    (
        process(texts={"en": "Complaint"}),
        "p",
        "<process id='p' isExecutable='true'><extensionElements><c:text locale='en'>Complaint</c:text>"
        "</extensionElements></process>",
    ),
    (
        process(version_tag="2", history_time_to_live="P30D"),
        "p",
        "<process id='p' isExecutable='true' c:versionTag='2' c:historyTimeToLive='P30D'/>",
    ),
    (
        process(starter_groups=("sales", "service"), starter_users=("anna",)),
        "p",
        "<process id='p' isExecutable='true' c:starterGroups='sales,service' c:starterUsers='anna'/>",
    ),
    (
        process(inputs=("a",), outputs=("b", "c")),
        "p",
        "<process id='p' isExecutable='true' c:inputs='a' c:outputs='b,c'/>",
    ),
    (
        process(forms={"f": {"title": "客户"}}),
        "p",
        "<process id='p' isExecutable='true'><extensionElements><c:form key='f'>{'title': '客户'}</c:form>"
        "</extensionElements></process>",
    ),
    (
        process(decisions={"d": "<definitions/>"}),
        "p",
        "<process id='p' isExecutable='true'><extensionElements>"
        "<c:decision key='d'>&lt;definitions/&gt;</c:decision></extensionElements></process>",
    ),
    (
        process(parameters={"limit": 0.2, "levels": ["a", None]}),
        "p",
        "<process id='p' isExecutable='true'><extensionElements>"
        "<c:parameter name='limit'>0.2</c:parameter><c:parameter name='levels'>['a', null]</c:parameter>"
        "</extensionElements></process>",
    ),
    (
        process(A, B, fl()),
        "p",
        "<process id='p' isExecutable='true'><task id='a'><outgoing>f</outgoing></task><task id='b'>"
        "<incoming>f</incoming></task><sequenceFlow id='f' sourceRef='a' targetRef='b'/></process>",
    ),
    (process(A, B, fl()), "a", "<task id='a'><outgoing>f</outgoing></task>"),
    (
        process(A, B, fl(name="yes", texts={"en": "yes"}, origin="op-2")),
        "f",
        "<sequenceFlow id='f' name='yes' sourceRef='a' targetRef='b' c:origin='op-2'><extensionElements>"
        "<c:text locale='en'>yes</c:text></extensionElements></sequenceFlow>",
    ),
    (
        process(A, B, fl(condition=feel("x > 1"))),
        "f",
        "<sequenceFlow id='f' sourceRef='a' targetRef='b'>"
        "<conditionExpression language='feel'>x &gt; 1</conditionExpression></sequenceFlow>",
    ),
    (
        process(A, B, fl(condition=juel("${x}"))),
        "f",
        "<sequenceFlow id='f' sourceRef='a' targetRef='b'>"
        "<conditionExpression language='juel'>${x}</conditionExpression></sequenceFlow>",
    ),
    (
        process(sub(), nodes.Task(id="a", scope="n"), nodes.Task(id="b", scope="n"), fl()),
        "n",
        "<subProcess id='n'><task id='a'><outgoing>f</outgoing></task><task id='b'><incoming>f</incoming>"
        "</task><sequenceFlow id='f' sourceRef='a' targetRef='b'/></subProcess>",
    ),
    (
        process(sub(), nodes.SubProcess(id="m", scope="n"), nodes.Task(id="a", scope="m")),
        "n",
        "<subProcess id='n'><subProcess id='m'><task id='a'/></subProcess></subProcess>",
    ),
    (
        process(sub(variety="adHoc", completion=feel("done")), nodes.Task(id="a", scope="n")),
        "n",
        "<adHocSubProcess id='n'><task id='a'/>"
        "<completionCondition language='feel'>done</completionCondition></adHocSubProcess>",
    ),
    (
        process(nodes.Task(id="a", lane="l"), Lane(id="l", name="Sales", nodes=("a",))),
        "p",
        "<process id='p' isExecutable='true'><laneSet id='LaneSet_p'><lane id='l' name='Sales'>"
        "<flowNodeRef>a</flowNodeRef></lane></laneSet><task id='a'/></process>",
    ),
    (
        process(nodes.Task(id="a", lane="m"), Lane(id="l"), Lane(id="m", parent="l", nodes=("a",))),
        "p",
        "<process id='p' isExecutable='true'><laneSet id='LaneSet_p'><lane id='l'>"
        "<childLaneSet id='LaneSet_l'><lane id='m'><flowNodeRef>a</flowNodeRef></lane></childLaneSet>"
        "</lane></laneSet><task id='a'/></process>",
    ),
    (process(DataItem(id="o", name="Order")), "o", "<dataObject id='o' name='Order'/>"),
    (process(DataItem(id="o", collection=True)), "o", "<dataObject id='o' isCollection='true'/>"),
    (
        process(DataItem(id="o", kind="dataObjectReference", collection=True)),
        "o",
        "<dataObjectReference id='o' c:collection='true'/>",
    ),
    (process(DataItem(id="o", kind="dataStoreReference", name="CRM")), "o", "<dataStoreReference id='o' name='CRM'/>"),
    (
        process(DataItem(id="o", kind="property", name="total", initial=feel("0"))),
        "p",
        "<process id='p' isExecutable='true'><property id='o' name='total'><extensionElements>"
        "<c:initial>0</c:initial></extensionElements></property></process>",
    ),
    (
        process(A, DataItem(id="o", kind="property", name="total", scope="a")),
        "a",
        "<task id='a'><property id='o' name='total'/></task>",
    ),
    (
        process(sub(), DataItem(id="o", name="Order", scope="n")),
        "n",
        "<subProcess id='n'><dataObject id='o' name='Order'/></subProcess>",
    ),
    (
        process(DataItem(id="i", name="x", kind="dataInput")),
        "p",
        "<process id='p' isExecutable='true'><ioSpecification><dataInput id='i' name='x'/><inputSet>"
        "<dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification></process>",
    ),
    (
        process(
            DataItem(id="i", name="x", kind="dataInput"), DataItem(id="o", name="y", kind="dataOutput"), outputs=("o",)
        ),
        "p",
        "<process id='p' isExecutable='true'><ioSpecification><dataInput id='i' name='x'/>"
        "<dataOutput id='o' name='y'/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet>"
        "<dataOutputRefs>o</dataOutputRefs></outputSet></ioSpecification></process>",
    ),
    (
        process(
            A,
            nodes.Task(id="u", for_compensation=True),
            nodes.BoundaryEvent(id="c", attached_to="a", compensation_handler="u", triggers=(triggers.Compensate(),)),
        ),
        "c_u",
        "<association id='c_u' associationDirection='One' sourceRef='c' targetRef='u'/>",
    ),
    (
        process(A, diagram=Diagram(artifacts=(Artifact(id="t", kind="textAnnotation", text="note"),))),
        "t",
        "<textAnnotation id='t'><text>note</text></textAnnotation>",
    ),
    (
        process(A, diagram=Diagram(artifacts=(Artifact(id="t", kind="textAnnotation"),))),
        "t",
        "<textAnnotation id='t'/>",
    ),
    (process(A, diagram=Diagram(artifacts=(Artifact(id="g", kind="group"),))), "g", "<group id='g'/>"),
    (
        process(
            A,
            diagram=Diagram(
                artifacts=(
                    Artifact(id="t", kind="textAnnotation", text="x"),
                    Artifact(id="z", kind="association", source="a", target="t"),
                )
            ),
        ),
        "z",
        "<association id='z' sourceRef='a' targetRef='t'/>",
    ),
    (
        process(sub(), diagram=Diagram(artifacts=(Artifact(id="t", kind="textAnnotation", text="x", scope="n"),))),
        "n",
        "<subProcess id='n'><textAnnotation id='t'><text>x</text></textAnnotation></subProcess>",
    ),
    (process(), "Plane_p", "<BPMNPlane id='Plane_p' bpmnElement='p'/>"),
    (
        process(diagram=Diagram(pool="Pool", pool_name="Sales")),
        "Collaboration_p",
        "<collaboration id='Collaboration_p'><participant id='Pool' name='Sales' processRef='p'/></collaboration>",
    ),
    (
        process(diagram=Diagram(pool="Pool", shapes={"Pool": Bounds(0, 0, 600, 200)})),
        "Plane_p",
        "<BPMNPlane id='Plane_p' bpmnElement='Collaboration_p'>"
        "<BPMNShape id='Pool_di' bpmnElement='Pool' isHorizontal='true'>"
        "<Bounds x='0' y='0' width='600' height='200'/></BPMNShape></BPMNPlane>",
    ),
    (
        process(A, diagram=Diagram(shapes={"a": Bounds(1.5, -2, 100, 80)})),
        "Plane_p",
        "<BPMNPlane id='Plane_p' bpmnElement='p'><BPMNShape id='a_di' bpmnElement='a'>"
        "<Bounds x='1.5' y='-2' width='100' height='80'/></BPMNShape></BPMNPlane>",
    ),
    (
        process(sub(), diagram=Diagram(shapes={"n": Bounds(0, 0, 9, 9)}, expanded=("n",))),
        "Plane_p",
        "<BPMNPlane id='Plane_p' bpmnElement='p'><BPMNShape id='n_di' bpmnElement='n' isExpanded='true'>"
        "<Bounds x='0' y='0' width='9' height='9'/></BPMNShape></BPMNPlane>",
    ),
    (
        process(
            A, Lane(id="l", nodes=()), diagram=Diagram(shapes={"a": Bounds(0, 0, 9, 9), "l": Bounds(0, 0, 99, 99)})
        ),
        "l_di",
        "<BPMNShape id='l_di' bpmnElement='l' isHorizontal='true'>"
        "<Bounds x='0' y='0' width='99' height='99'/></BPMNShape>",
    ),
    (
        process(
            A,
            B,
            fl(),
            diagram=Diagram(
                shapes={"a": Bounds(0, 0, 9, 9), "b": Bounds(50, 0, 9, 9)}, edges={"f": ((9, 4.25), (50, 4.5))}
            ),
        ),
        "f_di",
        "<BPMNEdge id='f_di' bpmnElement='f'><waypoint x='9' y='4.25'/><waypoint x='50' y='4.5'/></BPMNEdge>",
    ),
]


@pytest.mark.parametrize(("program", "key", "xml"), PROCESSES)
def test_what_is_no_node_stands_in_its_place(program, key, xml):
    assert shown(program, key) == xml


SPECIFIED = [DataItem(id="i", kind="dataInput"), DataItem(id="o", name="out", kind="dataOutput")]
SAID = [
    {"inputs": ("i",), "outputs": ("o",)},
    {"inputs": ("i",), "outputs": ("o", "also")},
    {"inputs": ("only", "others"), "outputs": ("o",)},
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("items", [[], SPECIFIED])
def test_what_goes_in_and_comes_out_is_read_as_it_was_said(said, items):
    """A folder's process.json says it without a specification in the drawing."""
    again = read(write.write(process(*items, **said))).programs[0]
    assert (again.inputs, again.outputs) == (said["inputs"], said["outputs"])


def event(key, *found) -> nodes.CatchEvent:
    return nodes.CatchEvent(id=key, triggers=found)


DECLARED = [
    ((catch(triggers.Message(name="M")),), ["<message id='Message_1' name='M'/>"]),
    (
        (
            event("a", triggers.Message(name="M")),
            event("b", triggers.Message(name="M")),
        ),
        ["<message id='Message_1' name='M'/>"],
    ),
    (
        (event("a", triggers.Message(name="M"), triggers.Message(name="N")),),
        ["<message id='Message_1' name='M'/>", "<message id='Message_2' name='N'/>"],
    ),
    ((event("Message_1", triggers.Message(name="M")),), ["<message id='Message_2' name='M'/>"]),
    (
        (
            event("a", triggers.Signal(name=word("M"))),
            event("b", triggers.Message(name="M")),
        ),
        ["<signal id='Signal_1' name='M'/>", "<message id='Message_1' name='M'/>"],
    ),
    (
        (
            end(triggers.Error(code="R1")),
            event("b", triggers.Error(code="R1")),
        ),
        ["<error id='Error_1' errorCode='R1'/>"],
    ),
    ((catch(triggers.Error()),), []),
    ((catch(triggers.Escalation(code="E")),), ["<escalation id='Escalation_1' escalationCode='E'/>"]),
    ((catch(triggers.Escalation()),), []),
    ((catch(triggers.Message(name="核查 \x01 <&>")),), ["<message id='Message_1' name='核查  &lt;&amp;&gt;'/>"]),
]


@pytest.mark.parametrize(("found", "declared"), DECLARED)
def test_what_events_name_is_declared_once_beside_the_process(found, declared):
    assert roots(Program(key="p", nodes=found)) == declared


NUMBERS = [(0, "0"), (1.0, "1"), (-3.0, "-3"), (0.5, "0.5"), (1 / 3, "0.3333333333333333"), (1e16, "10000000000000000")]


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_a_number_is_as_short_as_it_reads_back_equal(value, text):
    assert write.number(value) == text and float(text) == value


def test_an_expression_of_the_standard_says_its_type():
    root = etree.fromstring(write.write(process(A, B, fl(condition=feel("x")))))
    (condition,) = root.iter(f"{{{names.BPMN}}}conditionExpression")
    assert condition.get(f"{{{names.XSI}}}type") == "bpmn:tFormalExpression"


def test_the_file_names_itself_its_maker_and_its_encoding():
    data = write.write(process())
    root = etree.fromstring(data)
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert {key: root.get(key) for key in ("id", "targetNamespace", "exporter")} == {
        "id": "Definitions_p",
        "targetNamespace": write.TARGET,
        "exporter": "crmflow",
    }
    assert [etree.QName(child).localname for child in root] == ["process", "BPMNDiagram"]


def test_equal_programs_are_equal_bytes():
    assert write.write(process(A, B, fl())) == write.write(process(A, B, fl()))


def test_control_characters_that_xml_cannot_hold_are_left_out():
    made = process(
        task(name="a\x07b", documentation="c\x00d\te", notes={"k": "\x1f"}), name="x\x0by", parameters={"p": "\x02"}
    )
    again = read(write.write(made)).programs[0]
    assert (again.name, again.nodes[0].name, again.nodes[0].documentation, again.nodes[0].notes) == (
        "xy",
        "ab",
        "cd\te",
        {"k": ""},
    )
    assert again.parameters == {"p": "\x02"}, "JSON says it in letters"
