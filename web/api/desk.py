"""What staff say about a page, a process or a step, and the phrases that they keep for comments."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine.inbox import phrases
from engine.watch import feedback
from web.api import access, again, here
from web.api.body import Answer, Body, Query
from web.api.values import plain

blueprint = APIBlueprint("desk", __name__, url_prefix="/v1", tag="Tasks")


class Said(Body):
    text: str = Field(min_length=1, max_length=feedback.LONGEST)
    page: str = Field(default="", max_length=feedback.LONGEST_PAGE, description="An address within the house.")
    process: str = Field(default="", max_length=100)
    node: str = Field(default="", max_length=100, description="Id of a step.")
    instance_id: str = Field(default="", max_length=64, description="A case that you see; its process counts.")


class Reply(Body):
    text: str = Field(min_length=1, max_length=feedback.LONGEST)


class Which(Query):
    of: Literal["mine", "to_answer"] = "mine"
    unanswered: bool = Field(default=False, description="Of `to_answer` only those without an answer.")
    before: str = Field(default="", max_length=64, description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=feedback.MOST)


class Feedback(Answer):
    id: str
    by: str
    text: str
    page: str
    process: str
    node: str
    instance_id: str
    created_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


class Feedbacks(Answer):
    items: list[Feedback]
    next: str


class NewPhrase(Body):
    kind: Literal["approve", "reject", "return", "comment"]
    texts: dict[str, str] = Field(description="zh-CN, en or both.")
    everybody: bool = Field(default=False, description="Kept by administrators of staff.")


class Phrase(Answer):
    id: str
    owner: str = Field(description="Empty: everybody's.")
    kind: str
    texts: dict[str, str]
    created_at: datetime


class Phrases(Answer):
    items: list[Phrase]


@blueprint.post("/feedback")
@blueprint.input(Said)
@blueprint.output(Feedback, status_code=201)
@access.needs("case.see", "write")
@again.by_key
def say(json_data: Said) -> dict[str, Any]:
    """Say something; who owns the process is told where a case is named."""
    about = feedback.About(**json_data.model_dump(exclude={"text"}))
    made = feedback.say(here.engine(), text=json_data.text, about=about, agent=access.me(), now=here.now())
    return plain(made)


@blueprint.get("/feedback")
@blueprint.input(Which, location="query")
@blueprint.output(Feedbacks)
@access.needs("case.see")
def listed(query_data: Which) -> dict[str, Any]:
    """What you said, or what you may answer as a process owner or administrator; newest first."""
    engine, me, page = here.engine(), access.me(), {"before": query_data.before, "limit": query_data.limit}
    if query_data.of == "mine":
        found = feedback.mine(engine, agent=me, **page)  # type: ignore[arg-type]
    else:
        found = feedback.listed(engine, agent=me, unanswered=query_data.unanswered, **page)  # type: ignore[arg-type]
    full = len(found) == query_data.limit
    return {"items": plain(found), "next": found[-1].id if full else ""}


@blueprint.post("/feedback/<feedback_id>/answer")
@blueprint.input(Reply)
@blueprint.output(Feedback)
@blueprint.doc(responses={409: "Somebody has answered"})
@access.needs("case.see", "write")
@again.by_key
def answer(feedback_id: str, json_data: Reply) -> dict[str, Any]:
    """Once, by who owns the process or sees operations."""
    made = feedback.answer(
        here.engine(), feedback_id=feedback_id, text=json_data.text, agent=access.me(), now=here.now()
    )
    return plain(made)


@blueprint.get("/phrases")
@blueprint.output(Phrases)
@access.needs("case.see")
def shown() -> dict[str, Any]:
    """Your phrases for comments and reasons, then everybody's."""
    return {"items": plain(phrases.shown(here.engine(), agent=access.me()))}


@blueprint.post("/phrases")
@blueprint.input(NewPhrase)
@blueprint.output(Phrase, status_code=201)
@access.needs("case.see", "write")
@again.by_key
def keep(json_data: NewPhrase) -> dict[str, Any]:
    """One more; the same words again change nothing."""
    made = phrases.keep(here.engine(), **json_data.model_dump(), agent=access.me(), now=here.now())
    return plain(made)


@blueprint.delete("/phrases/<phrase_id>")
@blueprint.output({}, status_code=204)
@access.needs("case.see", "write")
def drop(phrase_id: str) -> str:
    """Yours; everybody's by administrators of staff."""
    phrases.drop(here.engine(), phrase_id=phrase_id, agent=access.me())
    return ""
