"""XPath's regular expressions (XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6) in the words of ``regex``.

What ``regex`` knows beyond XPath (look-around, possessive quantifiers, named groups) is refused, not passed on.
"""

from engine.feel import errors

_SIMPLE = frozenset("nrt\\|.?*+(){}-[]^$")
_CLASSES = {
    "d": r"\d",
    "D": r"\D",
    "w": r"\w",
    "W": r"\W",
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "i": r"[\p{L}_:]",
    "I": r"[^\p{L}_:]",
    "c": r"[\p{L}\p{N}\p{M}_:.\-\u00b7]",
    "C": r"[^\p{L}\p{N}\p{M}_:.\-\u00b7]",
}
_QUANTIFIERS = "*+?{"
MAX_PIECES = 10_000
"""Of a pattern with its fixed repetitions written out."""
_ANCHORS = {"^": "^", "$": r"(?:$(?!\n\Z)|\Z)", "|": "|"}
"""``regex`` lets ``$`` match before a last line break, XPath only at the end."""


class _Refused(Exception):
    """The pattern is none of XPath's."""


def translate(pattern: str, *, ignore_space: bool, dot_all: bool) -> str | None:
    """None for a pattern that XPath does not allow. Raises BudgetExceeded for one that repeats too much."""
    try:
        return _Translation(pattern, ignore_space, dot_all).run()
    except (_Refused, IndexError):
        return None


class _Translation:
    def __init__(self, pattern: str, ignore_space: bool, dot_all: bool) -> None:
        self.pattern = pattern
        self.ignore_space = ignore_space
        self.dot_all = dot_all
        self.at = 0
        self.out: list[str] = []
        self.groups = 0
        self.open: list[int] = []
        """Groups not closed yet; 0 stands for one that does not capture."""
        self.closed: set[int] = set()
        self.sizes = [0]
        """Pieces in each open group and in the whole, with fixed repetitions written out, as ``regex`` does."""
        self.last = 0
        """Pieces of what a quantifier here would repeat."""

    def run(self) -> str:
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            self.at += 1
            if self.ignore_space and character in " \t\n\r":
                continue
            self._one(character)
        if self.open:
            raise _Refused
        return "".join(self.out)

    def _one(self, character: str) -> None:
        if character not in "()*+?{":
            self._count(1)
        if character == "\\":
            self.out.append(self._escape(in_class=False))
        elif character == "[":
            self.out.append(self._class())
        elif character == "(":
            self._group()
        elif character == ")":
            self.closed.add(self.open.pop())
            self._count(self.sizes.pop())
            self.out.append(")")
        elif character in _QUANTIFIERS:
            self._quantifier(character)
        elif character == ".":
            self.out.append("." if self.dot_all else "[^\\n\\r]")
        else:
            self.out.append(_ANCHORS.get(character) or _plain(character))

    def _count(self, pieces: int) -> None:
        self.last = pieces
        self.sizes[-1] += pieces
        if self.sizes[-1] > MAX_PIECES:
            raise errors.size(MAX_PIECES)

    def _group(self) -> None:
        self.sizes.append(0)
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            self.open.append(0)
            self.out.append("(?:")
            return
        if self.pattern.startswith("?", self.at):
            raise _Refused
        self.groups += 1
        self.open.append(self.groups)
        self.out.append("(")

    def _quantifier(self, character: str) -> None:
        if character == "{":
            end = self.pattern.index("}", self.at) if "}" in self.pattern[self.at :] else -1
            low, comma, high = self.pattern[self.at : end].partition(",")
            if end < 0 or not low.isdigit() or (high and not high.isdigit()) or len(low + high) > 8:
                raise _Refused
            self.at = end + 1
            self._count(self.last * max(int(low) - 1, 0))
            character = f"{{{low}{comma}{high}}}"
        if self.pattern[self.at : self.at + 1] == "?":
            self.at += 1
            character += "?"
        if self.pattern[self.at : self.at + 1] in ("*", "+", "?", "{"):
            raise _Refused  # a possessive or doubled quantifier
        self.out.append(character)

    def _escape(self, *, in_class: bool) -> str:
        while self.ignore_space and not in_class and self.pattern[self.at] in " \t\n\r":
            self.at += 1  # spaces go before anything else is read: ``hello\ sworld`` is ``hello\sworld``
        character = self.pattern[self.at]
        self.at += 1
        if character in "pP":
            return self._property(character)
        if character in _SIMPLE:
            return "\\" + character
        if character in _CLASSES:
            return _CLASSES[character]
        if character.isdigit() and character != "0" and not in_class:
            return self._back_reference(character)
        raise _Refused

    def _property(self, character: str) -> str:
        end = self.pattern.index("}", self.at) if "}" in self.pattern[self.at :] else -1
        name = self.pattern[self.at + 1 : end]
        if self.pattern[self.at] != "{" or end < 0:
            raise _Refused
        if self.ignore_space:
            name = "".join(name.split())
        if not name.replace("-", "").isalnum():
            raise _Refused
        self.at = end + 1
        return f"\\{character}{{Block={name[2:]}}}" if name.startswith("Is") else f"\\{character}{{{name}}}"

    def _back_reference(self, digit: str) -> str:
        number = int(digit)
        following = self.pattern[self.at : self.at + 1]
        if following.isdigit() and number * 10 + int(following) in self.closed:
            number = number * 10 + int(following)
            self.at += 1
        if number not in self.closed:
            raise _Refused
        return f"(?:\\{number})"

    def _class(self) -> str:
        """``[...]`` with everything escaped that only ``regex`` gives a meaning, and ``-[`` as its difference."""
        negated = self.pattern[self.at] == "^"
        self.at += negated
        members, begun = [], False
        while self.pattern[self.at] != "]" or not begun:
            character = self.pattern[self.at]
            self.at += 1
            if character == "\\":
                members.append(self._escape(in_class=True))
            elif character == "-" and self.pattern[self.at] == "[" and begun:
                self.at += 1
                inner = self._class()
                if self.pattern[self.at] != "]":
                    raise _Refused
                self.at += 1
                return self._difference(negated, members, inner)
            elif character in "[]":
                raise _Refused
            else:
                members.append(character if character == "-" else _plain(character))
            begun = True
        self.at += 1
        return f"[{'^' if negated else ''}{''.join(members)}]"

    @staticmethod
    def _difference(negated: bool, members: list[str], inner: str) -> str:
        first = f"[{'^' if negated else ''}{''.join(members)}]"
        return f"[{first}--{inner}]"


def _plain(character: str) -> str:
    """A character that means itself; ``&&``, ``||``, ``~~`` and ``--`` would be set operators."""
    return "\\" + character if character in "&~|^[]{}()*+?.$#" else character


def template(replacement: str, groups: int) -> list[str | int] | None:
    """The pieces of a replacement: texts and group numbers; None for one that XPath does not allow."""
    pieces: list[str | int] = []
    at = 0
    while at < len(replacement):
        character = replacement[at]
        at += 1
        if character == "\\":
            if replacement[at : at + 1] not in ("\\", "$"):
                return None
            pieces.append(replacement[at])
            at += 1
        elif character == "$":
            if not replacement[at : at + 1].isdigit():
                return None
            number = int(replacement[at])
            at += 1
            while replacement[at : at + 1].isdigit() and number * 10 + int(replacement[at]) <= groups:
                number = number * 10 + int(replacement[at])
                at += 1
            pieces.append(number if number <= groups else "")
        else:
            pieces.append(character)
    return pieces
