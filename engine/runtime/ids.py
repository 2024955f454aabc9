"""Ids of what an instance waits for: ``<instance>.<number of the wait>``."""

from engine import errors


def split(wait_id: str, *, missing: errors.NotFound) -> tuple[str, int]:
    """(instance, number); raises ``missing`` for an id that cannot be one."""
    instance_id, dot, number = wait_id.rpartition(".")
    if not dot or not number.isascii() or not number.isdigit() or len(number) > 15:
        raise missing
    return instance_id, int(number)
