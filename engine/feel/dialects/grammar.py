"""What the expression languages of other engines have in common, and in what they differ."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grammar:
    """One language. Its operators are named by what they mean in FEEL's tree."""

    name: str
    truth: str
    """Rule for what counts as true, and for == and +: a key of engine/feel/loose.py."""
    equality: str
    words: dict[str, str] = field(default_factory=dict)
    """Words that are operators: ``eq`` means ``=``."""
    constants: dict[str, object] = field(default_factory=dict)
    keywords: frozenset[str] = frozenset()
    """Words that no variable may have and that begin what has no equal in FEEL."""
    returns: bool = False
    """An expression may stand behind ``return`` and end with a semicolon."""
    python: bool = False


_JAVA_CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}
_STATEMENTS = frozenset({"var", "let", "const", "function", "def", "class", "import", "new", "throw", "try"})
_STATEMENTS |= {"while", "for", "do", "switch", "print", "if"}
_PYTHON_STATEMENTS = frozenset({"lambda", "def", "class", "import", "from", "while", "with", "yield", "await", "del"})
_PYTHON_STATEMENTS |= {"assert", "raise", "try", "for", "else", "elif"}

JUEL = Grammar(
    name="juel",
    truth="juel",
    equality="juel",
    words={
        "and": "&&",
        "or": "||",
        "not": "!",
        "eq": "==",
        "ne": "!=",
        "lt": "<",
        "le": "<=",
        "gt": ">",
        "ge": ">=",
        "div": "/",
        "mod": "%",
    },
    constants=_JAVA_CONSTANTS,
    keywords=frozenset({"instanceof"}),
)
JAVASCRIPT = Grammar(
    name="javascript",
    truth="javascript",
    equality="javascript",
    constants={**_JAVA_CONSTANTS, "undefined": None},
    keywords=_STATEMENTS | {"typeof", "instanceof", "delete", "void", "in"},
    returns=True,
)
GROOVY = Grammar(
    name="groovy",
    truth="groovy",
    equality="groovy",
    constants=_JAVA_CONSTANTS,
    keywords=_STATEMENTS | {"instanceof", "as", "in"},
    returns=True,
)
MVEL = Grammar(
    name="mvel",
    truth="mvel",
    equality="mvel",
    constants={**_JAVA_CONSTANTS, "nil": None},
    keywords=_STATEMENTS | {"instanceof", "is", "strsim", "soundslike", "contains", "empty"},
    returns=True,
)
PYTHON = Grammar(
    name="python",
    truth="python",
    equality="strict",
    words={"and": "&&", "or": "||", "not": "!"},
    constants={"True": True, "False": False, "None": None},
    keywords=_PYTHON_STATEMENTS,
    python=True,
)
