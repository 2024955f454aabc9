"""Packs: processes with their variants as one zip file, out and in."""

import base64
import binascii
from typing import Any

import flask
from apiflask import APIBlueprint
from pydantic import Field

from engine import errors, files
from engine.variants import packs
from web.api import access, again, here
from web.api.body import Answer, Body

blueprint = APIBlueprint("packs", __name__, url_prefix="/v1", tag="Processes")
LONGEST = 400


class Upload(Body):
    name: str = Field(default="pack.zip", max_length=200)
    content: str = Field(max_length=8_000_000, description="The zip file in base64.")


class Installed(Answer):
    processes: list[str]
    variants: list[str]


class Offer(Answer):
    process: str
    pillar: str
    names: dict[str, str]


class Offers(Answer):
    items: list[Offer]


@blueprint.get("/packs")
@blueprint.output(Offers)
@access.needs("process.see")
def offers() -> dict[str, Any]:
    """The shipped processes that may go into a pack."""
    found = packs.offered(files.shipped("processes"))
    return {"items": [{"process": one.process, "pillar": one.pillar, "names": one.names} for one in found]}


@blueprint.get("/packs/<keys>")
@blueprint.doc(responses={200: "A zip file", 404: "No such process is shipped"})
@access.needs("process.see")
def pack(keys: str) -> flask.Response:
    """Shipped processes, keys parted by commas, with forms, decisions, variants, scenarios and customer groups."""
    made = packs.collect(files.shipped("processes"), [key for key in keys[:LONGEST].split(",") if key])
    answer = flask.Response(packs.write(made), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.processes[0]}.zip"'
    return answer


@blueprint.post("/packs")
@blueprint.input(Upload)
@blueprint.output(Installed, status_code=201)
@access.needs("process.release", "write")
@again.by_key
def install(json_data: Upload) -> dict[str, Any]:
    """Release what a pack holds, its variants submitted for somebody else to approve; the house's own groups stay."""
    try:
        data = base64.b64decode(json_data.content, validate=True)
    except (binascii.Error, ValueError):
        raise errors.Invalid(
            "base64_wrong", zh="content 不是 base64", en="content is no base64", file=json_data.name
        ) from None
    held = packs.read(data, file=json_data.name)
    done = packs.install(here.engine(), pack=held, agent=access.me(), now=here.now())
    return {"processes": list(done.processes), "variants": list(done.variants)}
