"""A flow node while it is being read: the standard's part first, then what each dialect adds, then the frozen node."""

from typing import Any

from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes


class Draft:
    """``fields`` are the arguments of ``kind``; a dialect may change both."""

    def __init__(self, tag: Tag, kind: type[nodes.Node], context: Context, *, process: str, scope: str) -> None:
        self.tag = tag
        self.kind = kind
        self.context = context
        self.process = process
        self.fields: dict[str, Any] = {"id": tag.id, "scope": scope, "line": tag.line}

    @property
    def id(self) -> str:
        return str(self.fields["id"])

    def add(self, name: str, *values: Any) -> None:
        """Append to a tuple field."""
        if values:
            self.fields[name] = (*self.fields.get(name, ()), *values)

    def accepts(self, name: str) -> bool:
        return name in self.kind.__struct_fields__

    def build(self) -> nodes.Node:
        fields = {name: value for name, value in self.fields.items() if self.accepts(name)}
        return self.kind(**fields)
