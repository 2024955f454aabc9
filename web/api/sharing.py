"""How people share a task: handed on, delegated, signed by more, sent back, taken back, urged, copied, talked about."""

from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine import records
from engine.inbox import handing, holding, reminding, returning
from engine.people import scope
from engine.runtime import instances
from web.api import access, again, here, shapes
from web.api.body import Answer, Body

blueprint = APIBlueprint("sharing", __name__, url_prefix="/v1", tag="Tasks")
PERSON = "Key of a person."


class To(Body):
    to: str = Field(min_length=1, max_length=40, description=PERSON)
    reason: str = Field(default="", max_length=1000)


class Reply(Body):
    text: str = Field(default="", max_length=1000)
    data: dict[str, Any] | None = Field(default=None, description="What was filled in so far.")


class Signers(Body):
    people: list[str] = Field(min_length=1, max_length=50, description="Keys of people.")
    where: Literal["before", "after", "parallel"] = "before"
    rule: Literal["all", "any", "ratio", "sequence"] = "all"
    reason: str = Field(default="", max_length=1000)


class Back(Body):
    to: str = Field(min_length=1, max_length=255, description="Id of an earlier step.")
    reason: str = Field(min_length=1, max_length=1000)
    straight: bool = Field(default=False, description="Done there, it comes back here at once.")


class Nudge(Body):
    text: str = Field(default="", max_length=1000)


class Hold(Body):
    reason: str = Field(min_length=1, max_length=1000)
    awaits_customer: bool = Field(
        default=False, description="Until the customer answers: a message to the case, or a comment that says so."
    )


class Resume(Body):
    reason: str = Field(default="", max_length=1000)


class Copy(Body):
    people: list[str] = Field(min_length=1, max_length=50, description="Keys of people.")
    text: str = Field(default="", max_length=1000)


class Comment(Body):
    text: str = Field(min_length=1, max_length=1000, description="`@login` tells that person.")


class Remark(Comment):
    answered: bool = Field(
        default=False, description="It is what the customer answered: a case on hold until then goes on."
    )


class Commented(Answer):
    mentioned: list[str]


class Reason(Body):
    reason: str = Field(min_length=1, max_length=1000)


class Shared(Answer):
    """The task afterwards; it may not be yours to read any more."""

    id: str
    node: str
    status: str
    assignee: str | None
    revision: int


class Reopened(Answer):
    task: Shared | None = Field(description="What was opened there; null where the step has several tasks.")


@blueprint.post("/tasks/<task_id>/transfer")
@blueprint.input(To)
@blueprint.output(Shared)
@blueprint.doc(responses={409: "It is over, or not yours"})
@access.needs("task.work", "write")
@again.by_key
def transfer(task_id: str, json_data: To) -> dict[str, Any]:
    """Hand it on: whoever gets it is responsible."""
    done = handing.transfer(here.engine(), **_which(task_id), **json_data.model_dump())
    return _shared(done)


@blueprint.post("/tasks/<task_id>/delegate")
@blueprint.input(To)
@blueprint.output(Shared)
@blueprint.doc(responses={409: "It is over, or not yours"})
@access.needs("task.work", "write")
@again.by_key
def delegate(task_id: str, json_data: To) -> dict[str, Any]:
    """Somebody else works on it and answers; you decide then."""
    done = handing.delegate(here.engine(), **_which(task_id), **json_data.model_dump())
    return _shared(done)


@blueprint.post("/tasks/<task_id>/answer")
@blueprint.input(Reply)
@blueprint.output(Shared)
@blueprint.doc(responses={409: "It is over, or not yours"})
@access.needs("task.work", "write")
@again.by_key
def answer(task_id: str, json_data: Reply) -> dict[str, Any]:
    """Back to who delegated it."""
    done = handing.answer(here.engine(), **_which(task_id), **json_data.model_dump())
    return _shared(done)


@blueprint.post("/tasks/<task_id>/signers")
@blueprint.input(Signers)
@blueprint.output(Shared)
@blueprint.doc(responses={409: "It is over, or not yours"})
@access.needs("task.work", "write")
@again.by_key
def add_sign(task_id: str, json_data: Signers) -> dict[str, Any]:
    """More people sign: before you, after you, or beside."""
    done = handing.add_sign(here.engine(), **_which(task_id), **json_data.model_dump())
    return _shared(done)


@blueprint.delete("/tasks/<task_id>/signers/<person>")
@blueprint.output(Shared)
@blueprint.doc(responses={409: "They have signed already, or it is over"})
@access.needs("task.work", "write")
def remove_sign(task_id: str, person: str) -> dict[str, Any]:
    """Somebody who was added is not asked any more."""
    return _shared(handing.remove_sign(here.engine(), **_which(task_id), person=person))


@blueprint.post("/tasks/<task_id>/send-back")
@blueprint.input(Back)
@blueprint.output(Reopened)
@blueprint.doc(responses={409: "It is over, or not yours"})
@access.needs("task.work", "write")
@again.by_key
def send_back(task_id: str, json_data: Back) -> dict[str, Any]:
    """To an earlier step, and to who did it."""
    done = returning.send_back(here.engine(), **_which(task_id), **json_data.model_dump())
    return _opened(done)


@blueprint.post("/tasks/<task_id>/take-back")
@blueprint.output(Reopened)
@blueprint.doc(responses={409: "Others have gone on meanwhile"})
@access.needs("task.work", "write")
@again.by_key
def take_back(task_id: str) -> dict[str, Any]:
    """Your own completion, while nobody has touched what it opened."""
    return _opened(returning.take_back(here.engine(), **_which(task_id)))


@blueprint.post("/tasks/<task_id>/urge")
@blueprint.input(Nudge)
@blueprint.output(Shared)
@blueprint.doc(responses={409: "You did so a short while ago, or it is over"})
@access.needs("task.work", "write")
@again.by_key
def urge(task_id: str, json_data: Nudge) -> dict[str, Any]:
    """Whoever has it is told."""
    done = reminding.urge(here.engine(), **_which(task_id), **json_data.model_dump())
    return _shared(done)


@blueprint.post("/tasks/<task_id>/copies")
@blueprint.input(Copy)
@blueprint.output(Shared)
@blueprint.doc(responses={409: "It is over, or not yours"})
@access.needs("task.work", "write")
@again.by_key
def copy(task_id: str, json_data: Copy) -> dict[str, Any]:
    """Show the case to people who have nothing to do in it."""
    done = reminding.copy(here.engine(), **_which(task_id), **json_data.model_dump())
    return _shared(done)


@blueprint.post("/tasks/<task_id>/comments")
@blueprint.input(Comment)
@blueprint.output(Commented)
@access.needs("task.work", "write")
@again.by_key
def comment(task_id: str, json_data: Comment) -> dict[str, Any]:
    """Say something about it; it stays in the history of the case."""
    return {"mentioned": list(reminding.comment(here.engine(), **_which(task_id), text=json_data.text))}


@blueprint.post("/tasks/<task_id>/hold")
@blueprint.input(Hold)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "It is on hold or over, or not yours"})
@access.needs("case.hold", "write")
@again.by_key
def hold(task_id: str, json_data: Hold) -> dict[str, Any]:
    """Put the case of the task on hold, as its page does: wait for the customer."""
    held = holding.hold_at(here.engine(), **_which(task_id), **json_data.model_dump())
    return shapes.case(instances.get(here.engine(), instance_id=held.id))


@blueprint.post("/tasks/<task_id>/resume")
@blueprint.input(Resume)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "It is not on hold, or over"})
@access.needs("case.hold", "write")
@again.by_key
def resume(task_id: str, json_data: Resume) -> dict[str, Any]:
    """Let the case of the task go on."""
    going = holding.resume_at(here.engine(), **_which(task_id), reason=json_data.reason)
    return shapes.case(instances.get(here.engine(), instance_id=going.id))


@blueprint.post("/instances/<instance_id>/comments")
@blueprint.input(Remark)
@blueprint.output(Commented)
@access.needs("case.see", "write")
@again.by_key
def remark(instance_id: str, json_data: Remark) -> dict[str, Any]:
    """Say something about the case as a whole, also when it has ended; it stays in its history."""
    engine, me, now = here.engine(), access.me(), here.now()
    named = reminding.remark(
        engine, instance_id=instance_id, text=json_data.text, answered=json_data.answered, agent=me, now=now
    )
    return {"mentioned": list(named)}


@blueprint.post("/instances/<instance_id>/withdraw")
@blueprint.input(Reason)
@blueprint.output(shapes.Case)
@blueprint.doc(responses={409: "Others have worked on it, or it is over"})
@access.needs("case.start", "write")
@again.by_key
def withdraw(instance_id: str, json_data: Reason) -> dict[str, Any]:
    """Whoever started it ends it, while nobody else has done a step of it."""
    scope.need(here.engine(), instance_id=instance_id, agent=access.me())
    returning.withdraw(
        here.engine(), instance_id=instance_id, reason=json_data.reason, agent=access.me(), now=here.now()
    )
    return shapes.case(instances.get(here.engine(), instance_id=instance_id))


def _which(task_id: str) -> dict[str, Any]:
    return {"work_item_id": task_id, "agent": access.me(), "now": here.now()}


def _shared(item: records.WorkItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Shared.model_fields}


def _opened(item: records.WorkItem | None) -> dict[str, Any]:
    return {"task": _shared(item) if item else None}
