"""What is open in one instance now: tokens, scopes with variables, waits. Nothing that is over is kept, except what
compensation may still have to undo.

All records are arrays of ints and texts, so that a state is small and quick to read. Numbers come from one counter of
the instance and are never used twice; scope 0 is the instance itself. ``step`` never changes a record it was given: it
takes a copy first (``Run.own_token``, ``Run.own_scope``).
"""

import msgspec

# What a token is doing. FAILED ones have an incident and say at which stage they will go on when it is retried.
WAITING = 0
BEFORE = 1
"""The job of an asynchronous continuation has not run yet."""
FAILED_ENTER = 2
FAILED_PERFORM = 3
FAILED_COMPLETE = 4
FAILED_LEAVE = 5
FAILED_ARM = 6
"""An event sub-process whose start could not be awaited; the token stands for it."""
HELD = 7
"""Stopped with others when the step budget was used up; ``link`` is the token with the incident."""
UNDOING = 8
"""A compensation throw that waits for its handlers; ``memo`` counts them."""
LINGERING = 9
"""An ad-hoc sub-process with nothing open whose completion condition does not hold."""

OWED = -1
"""``Token.link`` of a step that was missed when the instance moved to another program: nothing follows it."""
# Phases of errands (errands.py), in the order of ``Errand.at``, then those of a flow and of a whole process. A token
# with an incident keeps its phase: the errand failed that the incident's ``trigger`` counts.
ENTERING = 10
MAPPING = 11
STARTING = 12
ENDING = 13
LEAVING = 14
TAKING = 15
"""``memo`` holds the flow's index."""
CLOSING = 16
MOMENTS = ("enter", "inputs", "start", "end", "leave")
AROUND = frozenset((ENTERING, LEAVING, TAKING, CLOSING))
"""The token's activity has not begun, or is over."""

CONTINUE = "continue"
"""Name of the job of an asynchronous continuation."""

# What a scope is.
ROOT = 0
SUB = 1
CALL = 2
LOCAL = 3
"""The variables of one activity: input mappings, loop counter, item."""
BODY = 4
"""A multi-instance or looping activity around its instances."""
KEPT = 5
"""A completed sub-process brought back to be compensated."""

# What a wait is for.
WORK = 0
JOB = 1
TIMER = 2
MESSAGE = 3
SIGNAL = 4
CONDITION = 5
INCIDENT = 6


class Token(msgspec.Struct, array_like=True):
    number: int
    node: int
    """Index in the plan of its scope."""
    scope: int
    phase: int = WAITING
    inner: int = 0
    """Innermost scope that belongs to this token alone; 0 for none."""
    waits: tuple[int, ...] = ()
    memo: tuple[int, ...] = ()
    """Counters of the element: (total, started, completed) of a multi-instance body, (index,) of an instance."""
    link: int = 0
    """The token that waits for this one: a compensation throw for its handlers. OWED: nobody does."""


class Done(msgspec.Struct, array_like=True):
    """A completed activity that compensation may undo."""

    node: int
    kept: "Kept | None" = None
    """A sub-process's own world, when it has something to undo inside."""


class Kept(msgspec.Struct, array_like=True):
    variables: dict[str, msgspec.Raw]
    log: tuple[Done, ...] = ()


class Scope(msgspec.Struct, array_like=True):
    number: int
    kind: int
    parent: int
    """Number of the scope around; -1 for the instance itself."""
    token: int = 0
    """The token it belongs to, in the scope around."""
    program: int = 0
    """Index in ``State.programs``."""
    live: int = 0
    """Tokens inside, those on their way counted."""
    variables: dict[str, msgspec.Raw] = {}
    arrivals: dict[int, int] = {}
    """Tokens that wait at a join, by the flow they came over."""
    waits: tuple[int, ...] = ()
    """Starts of event sub-processes that are awaited."""
    log: tuple[Done, ...] = ()
    """In the order of completion."""


class Open(msgspec.Struct, array_like=True):
    kind: int
    scope: int
    token: int
    """The token that waits; 0 for the start of an event sub-process of ``scope``."""
    node: int
    """The node that acts on it: of the token, of its boundary event, behind its event-based gateway."""
    trigger: int = 0
    """Which of the node's triggers. Job, incident: which errand of the token's phase."""
    left: int = 0
    """Timer: firings after this one. Condition: 1 when it held the last time it was looked at."""
    due: int = 0
    """Timer: microseconds since 1970 in UTC."""
    name: str = ""
    """Name of the message or signal; text of a timer's cycle; handler of a job; code of an incident."""


class State(msgspec.Struct, array_like=True):
    counter: int
    programs: tuple[str, ...]
    """Hashes: its own first, then those of called processes."""
    tokens: dict[int, Token]
    scopes: dict[int, Scope]
    waits: dict[int, Open]
    ends: tuple[int, ...] = ()
    """End events of the instance in the order they were first reached."""
    ended: bool = False
    business_key: str = ""
    instance: str = ""
    """The instance's id as the caller knows it, for expressions that ask."""
