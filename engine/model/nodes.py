"""The flow nodes of a process. One class per BPMN element; the ``kind`` tag is the element's BPMN name.

Flows are kept apart (program.py); a node's incoming and outgoing flows are derived from them in document order.
"""

from typing import Literal

import msgspec

from engine.model.expression import Expression, Mapping
from engine.model.performer import Passing, Performer, Promise, Worth
from engine.model.text import Text
from engine.model.triggers import AnyTrigger


class Work(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a job does: a named handler with its parameters."""

    handler: str
    """Built-in (``notify``, ``http`` ...), external topic, or the name of something not yet bound."""
    named: Expression | None = None
    """Computes the handler when the job begins; ``handler`` is then what the drawing says."""
    style: Literal["builtin", "external", "unbound"] = "builtin"
    parameters: tuple[Mapping, ...] = ()
    result: str = ""
    """Variable for the handler's answer; empty merges an object's keys as variables."""
    retries: int = 3
    priority: Expression | None = None
    headers: dict[str, str] = {}


Moment = Literal["enter", "inputs", "start", "end", "leave"]


class Errand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job beside a node's own work: a listener of the drawing, or a call of code whose answer its expressions need.

    ``enter``: before the node begins, once even where it loops. ``inputs``: before the input mappings of each run.
    ``start``: before the work of each run. ``end``: the work of a run is done, its outputs are not mapped yet.
    ``leave``: before the outgoing flows are chosen. Events and gateways know ``enter`` and ``leave`` only.
    """

    at: Moment
    work: Work


class Node(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True):
    id: str
    """Stable for ever: variants, history and running instances refer to it."""
    name: str = ""
    texts: Text = {}
    """The name in each language; ``name`` is what the drawing says."""
    scope: str = ""
    """Id of the enclosing sub-process; empty: the process itself."""
    lane: str = ""
    documentation: str = ""
    line: int = 0
    origin: str = ""
    """Provenance: empty for the base, else the id of the variant operation that made or last changed this node."""
    notes: dict[str, str] = {}
    """The author's own key and value pairs (``camunda:properties`` ...), for handlers and screens."""
    errands: tuple[Errand, ...] = ()
    """In the order in which they are done; each is a job, and the node waits for it."""


class MultiInstance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    sequential: bool = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    element: str = ""
    """Variable that holds the item inside one instance."""
    index: str = ""
    """Variable that holds the 0-based number of the instance, beside ``loopCounter``."""
    output: Expression | None = None
    """Value of one instance, collected into ``output_collection`` in the order of the items."""
    output_collection: str = ""
    completion: Expression | None = None
    """Sees nrOfInstances, nrOfActiveInstances, nrOfCompletedInstances; true cancels the rest."""


class StandardLoop(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    condition: Expression | None = None
    test_before: bool = False
    maximum: int = 0
    """0 means no limit other than the step budget."""


class Script(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A few lines that a model attaches to an activity (Spiff's pre- and post-scripts, script listeners)."""

    text: str
    language: str = "python"


class Activity(Node, frozen=True, kw_only=True):
    default: str = ""
    """Id of the default flow."""
    loop: MultiInstance | None = None
    standard_loop: StandardLoop | None = None
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    properties: tuple[str, ...] = ()
    for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    asynchronous: bool = False
    """Continue in a job of its own: the step before is committed first."""
    before: Script | None = None
    """Runs in the activity's scope before its inputs are mapped."""
    after: Script | None = None
    """Runs when the activity completes, before its outputs are mapped."""
    promise: Promise | None = None
    worth: Worth | None = None


class Task(Activity, frozen=True, kw_only=True, tag="task"):
    """The undefined task: passes at once."""


class ManualTask(Activity, frozen=True, kw_only=True, tag="manualTask"):
    """Done outside the system: passes at once (Camunda 7), unless it has a performer."""

    performer: Performer | None = None


class UserTask(Activity, frozen=True, kw_only=True, tag="userTask"):
    performer: Performer = Performer()
    passing: Passing | None = None
    form: str = ""
    """Key of a form in the program's ``forms``; empty: a form with the process variables that the task names."""
    due: Expression | None = None
    follow_up: Expression | None = None
    priority: Expression | None = None
    actions: tuple[str, ...] = ()
    """Names of outcomes offered as buttons; the form's variable ``outcome`` receives the chosen one."""


class ServiceTask(Activity, frozen=True, kw_only=True, tag="serviceTask"):
    work: Work | None = None


class SendTask(Activity, frozen=True, kw_only=True, tag="sendTask"):
    work: Work | None = None
    message: AnyTrigger | None = None


class ReceiveTask(Activity, frozen=True, kw_only=True, tag="receiveTask"):
    message: AnyTrigger | None = None
    instantiate: bool = False


class ScriptTask(Activity, frozen=True, kw_only=True, tag="scriptTask"):
    script: str = ""
    language: str = "python"
    result: str = ""


class BusinessRuleTask(Activity, frozen=True, kw_only=True, tag="businessRuleTask"):
    decision: str = ""
    """Key of a decision in the program's ``decisions``."""
    decided_by: Expression | None = None
    """Computes the key when the task is reached."""
    binding: Literal["latest", "deployment", "version", "versionTag"] = "latest"
    version: str = ""
    result: str = ""
    result_shape: Literal["", "singleEntry", "singleResult", "collectEntries", "resultList"] = ""
    work: Work | None = None
    """A vendor's rule implementation, bound like a service, where no decision is named."""


class CallActivity(Activity, frozen=True, kw_only=True, tag="callActivity"):
    called: Expression | None = None
    binding: Literal["latest", "deployment", "version", "versionTag"] = "latest"
    version: str = ""
    pass_all_in: bool = True
    pass_all_out: bool = True
    business_key: Expression | None = None


class SubProcess(Activity, frozen=True, kw_only=True, tag="subProcess"):
    variety: Literal["embedded", "event", "transaction", "adHoc"] = "embedded"
    completion: Expression | None = None
    """Ad-hoc: complete when true; without it, when nothing is open."""
    ordering: Literal["parallel", "sequential"] = "parallel"
    cancel_remaining: bool = True
    active_elements: Expression | None = None
    """Ad-hoc: ids to activate at the start; without it every node that has no incoming flow."""


class Event(Node, frozen=True, kw_only=True):
    triggers: tuple[AnyTrigger, ...] = ()
    """Empty: a none event. Several: any of them, or all when ``parallel``."""
    parallel: bool = False
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()


class StartEvent(Event, frozen=True, kw_only=True, tag="startEvent"):
    interrupting: bool = True
    """Of an event sub-process."""
    form: str = ""
    initiator: str = ""
    """Variable that receives who started the instance."""


class EndEvent(Event, frozen=True, kw_only=True, tag="endEvent"):
    work: Work | None = None


class CatchEvent(Event, frozen=True, kw_only=True, tag="intermediateCatchEvent"):
    pass


class ThrowEvent(Event, frozen=True, kw_only=True, tag="intermediateThrowEvent"):
    work: Work | None = None


class BoundaryEvent(Event, frozen=True, kw_only=True, tag="boundaryEvent"):
    attached_to: str = ""
    interrupting: bool = True
    compensation_handler: str = ""
    """Activity that undoes ``attached_to``, from the association of a compensation boundary event."""


class Gateway(Node, frozen=True, kw_only=True):
    default: str = ""


class ExclusiveGateway(Gateway, frozen=True, kw_only=True, tag="exclusiveGateway"):
    pass


class ParallelGateway(Gateway, frozen=True, kw_only=True, tag="parallelGateway"):
    pass


class InclusiveGateway(Gateway, frozen=True, kw_only=True, tag="inclusiveGateway"):
    pass


class ComplexGateway(Gateway, frozen=True, kw_only=True, tag="complexGateway"):
    activation: Expression | None = None


class EventBasedGateway(Gateway, frozen=True, kw_only=True, tag="eventBasedGateway"):
    instantiate: bool = False
    parallel: bool = False


AnyNode = (
    Task
    | ManualTask
    | UserTask
    | ServiceTask
    | SendTask
    | ReceiveTask
    | ScriptTask
    | BusinessRuleTask
    | CallActivity
    | SubProcess
    | StartEvent
    | EndEvent
    | CatchEvent
    | ThrowEvent
    | BoundaryEvent
    | ExclusiveGateway
    | ParallelGateway
    | InclusiveGateway
    | ComplexGateway
    | EventBasedGateway
)
