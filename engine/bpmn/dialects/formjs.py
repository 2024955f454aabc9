"""Camunda Forms (form-js JSON) that are kept inside a BPMN file, as JSON Schema."""

import json
from typing import Any

from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.forms import formjs


def schema(tag: Tag, context: Context) -> dict[str, Any] | None:
    """The form as a schema; None, with a problem, when it is no JSON of a form."""
    try:
        return formjs.schema(json.loads(tag.text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        context.warn(
            "bad_form",
            tag,
            zh="内嵌表单不是有效的表单 JSON",
            en="The embedded form is no valid form JSON",
        )
        return None
