"""What is wrong with a form beyond being no form (check.vet): fields that nobody could fill in, words that are missing.

``faults`` is about what somebody typed for one field and that cannot be laid; ``problems`` about a whole form.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from engine.forms import check, editing, layout, settings
from engine.forms.editing import Line, Path
from engine.forms.layout import Schema
from engine.forms.references import escaped, unescaped
from engine.forms.settings import Settings
from engine.model.problem import Problem
from engine.model.text import Text, both

MOST_OPTIONS = 200


def problems(schema: Schema) -> list[Problem]:
    """Everything that is wrong, check.vet included, each with a pointer into the schema; of an unfit one only that."""
    unfit = check.vet(schema)
    lines = [] if unfit else editing.every(schema)
    return unfit or [found for line in lines for found in _of(schema, line, lines)]


def path(schema: Schema, pointer: str) -> Path:
    """The field that a pointer into the schema stands in; empty for the form itself."""
    found: list[str] = []
    part: object = schema
    steps = iter(pointer.split("/")[1:])
    for step in steps:
        step = unescaped(step)
        if step == "properties" and isinstance(part, Mapping):
            name = unescaped(next(steps, ""))
            part = part.get("properties", {}).get(name) if isinstance(part.get("properties"), Mapping) else None
            found.append(name)
        elif step == "items" and isinstance(part, Mapping):
            part = part.get("items")
        else:
            break
    return tuple(found)


def faults(schema: Schema, at: Path, wanted: Settings, key: str) -> dict[str, Text]:
    """What cannot be laid over the field, by the name of the setting."""
    found: dict[str, Text] = {}
    siblings = [line.path[-1] for line in editing.every(schema) if line.path[:-1] == at[:-1] and line.path != at]
    if not editing.KEY.fullmatch(key):
        found["key"] = both(
            zh="字段名以字母开头，由字母、数字和下划线组成。",
            en="A field's name begins with a letter and has letters, digits and _ only.",
        )
    elif key in siblings:
        found["key"] = both(zh=f"已有字段 {key}。", en=f"There is a field {key} already.")
    for name in ("least", "most"):
        if getattr(wanted, name) and not settings.fits(wanted, getattr(wanted, name)):
            found[name] = both(zh="应为数字；字数和行数为整数。", en="A number; whole for characters and rows.")
    if wanted.largest_mb and not settings.is_size(wanted.largest_mb):
        found["largest_mb"] = both(zh="应为大于 0 的数字。", en="A number above 0.")
    if any(not settings.ENDING.fullmatch(one) for one in wanted.endings):
        found["endings"] = both(
            zh="扩展名由小写字母和数字组成，如 pdf。", en="Endings have small letters and digits, such as pdf."
        )
    if not found.keys() & {"least", "most"} and _crossed(wanted):
        found["most"] = both(zh="上限小于下限。", en="The upper limit is below the lower one.")
    doubled = [value for value, times in Counter(one.value for one in wanted.options).items() if times > 1]
    if doubled or len(wanted.options) > MOST_OPTIONS:
        found["options"] = both(
            zh=f"选项的值不能重复，最多 {MOST_OPTIONS} 个：{'、'.join(doubled)}",
            en=f"Values of choices differ, and there are at most {MOST_OPTIONS}: {', '.join(doubled)}",
        )
    if wanted.when_field and wanted.when_field not in siblings:
        found["when"] = _no_such_field(wanted.when_field)
    elif wanted.when_field and not wanted.when_values:
        found["when"] = both(zh="请写出在哪些取值时显示。", en="Say for which values it is shown.")
    return found


def _of(schema: Schema, line: Line, lines: Sequence[Line]) -> Iterator[Problem]:
    said, place = line.settings, _pointer(schema, line.path)
    name = "/".join(line.path)
    missing = [word for word, text in (("中文", said.zh), ("English", said.en)) if not text]
    if missing and not line.elsewhere:
        yield _warning(
            "field_words_missing",
            f"“{name}”缺少标签：{'、'.join(missing)}。",
            f"{name} has no label in {' and '.join(missing)}.",
            place,
        )
    if said.kind in settings.CHOICES and not said.options and not line.elsewhere:
        text = both(zh=f"“{name}”没有选项。", en=f"{name} has nothing to choose from.")
        yield Problem(code="field_without_choices", text=text, pointer=place)
    if _crossed(said):
        text = both(zh=f"“{name}”的上限小于下限。", en=f"{name}: the upper limit is below the lower one.")
        yield Problem(code="field_limits_crossed", text=text, pointer=place)
    siblings = {one.path[-1] for one in lines if one.path[:-1] == line.path[:-1]}
    if said.when_field and said.when_field not in siblings:
        yield Problem(code="field_condition_unknown", text=_no_such_field(said.when_field), pointer=place)
    if said.kind == "repeat" and not line.inner and not line.elsewhere:
        yield _warning("rows_without_columns", f"“{name}”还没有列。", f"{name} has no columns yet.", place)
    if said.section and said.section not in {one["key"] for one in layout.hint(schema, "sections", [])}:
        yield _warning(
            "section_unknown",
            f"“{name}”属于不存在的分区 {said.section}。",
            f"{name} is of a section {said.section} that is not there.",
            place,
        )


def _crossed(said: Settings) -> bool:
    try:
        return bool(said.least and said.most) and float(said.least) > float(said.most)
    except ValueError:
        return False


def _pointer(schema: Schema, at: Path) -> str:
    found, holder = "", schema
    for name in at:
        found += f"/properties/{escaped(name)}"
        part = holder.get("properties", {}).get(name)
        holder = part if isinstance(part, Mapping) else {}
        if name != at[-1] and "items" in holder:
            found, holder = f"{found}/items", holder["items"]
    return found


def _no_such_field(name: str) -> Text:
    return both(zh=f"没有可依据的字段 {name}。", en=f"There is no field {name} to depend on.")


def _warning(code: str, zh: str, en: str, pointer: str) -> Problem:
    return Problem(code=code, text=both(zh=zh, en=en), pointer=pointer, severity="warning")
