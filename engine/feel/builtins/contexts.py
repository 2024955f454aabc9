"""Functions on contexts; what is given is never changed."""

from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.values import Value


def _get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    if key not in context:
        run.warn("unknown_entry", name=key)
    return context.get(key)


def _get_entries(run: Run, context: dict[str, Value]) -> Value:
    run.spend_size(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(run: Run, entries: list[Value]) -> Value:
    """Null for an entry without key or value, and for a key that occurs twice."""
    run.spend_size(len(entries))
    built: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            run.warn("no_result", name="context", reason="an entry without key or value")
            return None
        if entry["key"] in built:
            run.warn("duplicate_key", name=entry["key"])
            return None
        built[entry["key"]] = entry["value"]
    return built


def _put(run: Run, context: dict[str, Value], key: str, value: Value) -> Value:
    run.spend_size(len(context))
    return {**context, key: value}


def _put_deep(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """Along a path of keys; contexts that are missing on the way are made."""
    if not keys or not all(isinstance(key, str) for key in keys):
        run.warn("no_result", name="context put", reason="keys are a list of texts, not empty")
        return None
    run.spend_size(len(context) + len(keys))
    result = dict(context)
    level = result
    for key in keys[:-1]:
        below = level.get(key)
        if below is not None and not isinstance(below, dict):
            run.warn("no_result", name="context put", reason=f"{key} is no context")
            return None
        run.spend(1 + len(below or ()))
        level[key] = level = dict(below or {})
    level[keys[-1]] = value
    return result


def _merge(run: Run, contexts: list[Value]) -> Value:
    """Later entries win."""
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            run.warn("wrong_type", name="context merge", parameter="contexts", wanted="list<context>", kind="list")
            return None
        run.spend(1 + len(context))
        merged.update(context)
    run.spend_size(len(merged))
    return merged


FUNCTIONS = (
    native(
        "get value",
        ("m: context, key: string", _get_value),
        ("context: context, key: string", _get_value),
    ),
    native("get entries", ("m: context", _get_entries), ("context: context", _get_entries)),
    native("context", ("entries: list", _context)),
    native(
        "context put",
        ("context: context, key: string, value: Any", _put),
        ("context: context, keys: list, value: Any", _put_deep),
    ),
    native("context merge", ("contexts: list", _merge)),
)
