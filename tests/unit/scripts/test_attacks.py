"""What somebody who means harm would write into a script task. Each is stopped, within its limits, with words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine import errors
from engine.scripts.sandbox import Limits, Sandbox

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STOPPED = {"script_failed", "script_timeout", "script_memory", "script_recursion", "script_value", "script_syntax"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(Limits(seconds=0.3, memory_bytes=24 * 1024 * 1024))
    yield made
    made.close()


OUTSIDE = [
    "import os\nx = os.listdir('.')",
    "import os\nx = os.environ['HOME']",
    "import os\nos.system('true')",
    "import sys\nx = sys.modules['os'].getcwd()",
    "import subprocess\nsubprocess.run(['true'])",
    "import socket\nsocket.socket()",
    "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
    "import ctypes",
    "import importlib\nimportlib.import_module('os')",
    "import shutil",
    "import pickle\npickle.loads(b'')",
    "import threading\nthreading.Thread(target=print).start()",
    "import multiprocessing",
    "import builtins\nbuiltins.open('/etc/passwd')",
    "from pathlib import Path\nx = Path('/etc/passwd').read_text()",
    "from pathlib import Path\nPath('/tmp/harm').write_text('x')",
    "x = open('/etc/passwd').read()",
    "open('/tmp/harm', 'w').write('x')",
    "x = __import__('os').getcwd()",
    "x = __builtins__['open']('/etc/passwd')",
    "x = globals()['__builtins__']",
    "x = vars()['__loader__']",
    "input()",
    "breakpoint()",
    "x = compile('1', 'x', 'eval')",
]
"""Files, processes, sockets, modules."""


@pytest.mark.parametrize("text", OUTSIDE)
def test_nothing_outside_is_reached(sandbox: Sandbox, text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run(text, {}, NOW)
    assert refused.value.code in STOPPED


ESCAPES = [
    "x = ().__class__.__mro__[1].__subclasses__()",
    "x = ''.__class__.__base__.__subclasses__()",
    "x = (lambda: 0).__globals__",
    "x = (lambda: 0).__code__.co_consts",
    "def f():\n    pass\nx = f.__globals__['__builtins__']",
    "def f():\n    pass\nf.__code__ = None",
    "x = [].append.__self__.__class__.__base__.__subclasses__()",
    "x = print.__self__",
    "x = type('X', (), {})().__class__.__bases__[0].__subclasses__()",
    "x = '{0.__class__.__mro__}'.format(1)",
    "x = '{0.__init__.__globals__}'.format(print)",
    "x = f'{().__class__.__bases__[0].__subclasses__()}'",
    "x = getattr((), '__class__').__bases__",
    "x = object.__subclasses__()",
    "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    x = e.__traceback__.tb_frame.f_globals",
    "class A:\n    def __getattr__(self, name):\n        return name\nx = A().__class__.__mro__[1].__subclasses__()",
]
"""Ways through attributes to what lies behind."""


@pytest.mark.parametrize("text", ESCAPES)
def test_no_attribute_leads_out(sandbox: Sandbox, text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run(text, {}, NOW)
    assert refused.value.code in STOPPED


HUNGRY = [
    "x = [0] * 10**8",
    "x = 'a' * 10**9",
    "x = list(range(10**9))",
    "x = 10 ** 10 ** 8",
    "x = 1 << 10**9",
    "x = 'a'.rjust(10**9)",
    "x = ['a' * 10**6 for _ in range(10**6)]",
    "x = {}\nwhile True:\n    x[len(x)] = 'y' * 1000",
    "x = 'a'\nwhile True:\n    x += x",
    "x = [1]\nwhile True:\n    x = x + x",
    "x = bytes(10**9)",
    "x = 'a,' * 10**6\nwhile True:\n    x = x.replace(',', ',,')",
]


@pytest.mark.parametrize("text", HUNGRY)
def test_memory_is_bounded(sandbox: Sandbox, text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run(text, {}, NOW)
    assert refused.value.code in {"script_memory", "script_timeout"} | STOPPED


ENDLESS = [
    "while True:\n    pass",
    "for i in range(10**12):\n    pass",
    "x = sum(i for i in range(10**12))",
    "def f():\n    while True:\n        yield_ = 1\nf()",
    "x = 3\nwhile x:\n    try:\n        x = x / 1\n    except Exception:\n        pass",
    "while True:\n    try:\n        raise ValueError('x')\n    except ValueError:\n        pass",
]


@pytest.mark.parametrize("text", ENDLESS)
def test_time_is_bounded(sandbox: Sandbox, text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run(text, {}, NOW)
    assert refused.value.code in STOPPED


DEEP = [
    "def f(n):\n    return f(n + 1)\nf(0)",
    "def f():\n    g()\ndef g():\n    f()\nf()",
    "f = lambda: f()\nf()",
    "x = []\nfor _ in range(10**5):\n    x = [x]",
    "x = {}\nx['x'] = x",
    "x = []\nx.append(x)",
    "(" * 1000 + ")" * 1000,
    "x = " + "-" * 10_000 + "1",
    "x = " + "[" * 500 + "]" * 500,
    "class A:\n    def __repr__(self):\n        return repr(self)\nx = repr(A())",
]


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_depth_is_bounded(sandbox: Sandbox, text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run(text, {}, NOW)
    assert refused.value.text["zh-CN"] and refused.value.text["en"]


def test_a_pattern_that_backtracks_elsewhere_is_no_trap(sandbox: Sandbox) -> None:
    _, changed = sandbox.run("import re\nx = re.match('(a+)+$', 'a' * 40 + 'b') is None", {}, NOW)
    assert changed == {"x": True}


def test_the_folder_that_a_script_sees_is_not_the_machines(sandbox: Sandbox) -> None:
    assert sandbox.run("import os\nx = os.getcwd()", {}, NOW)[1] == {"x": "/"}


def test_texts_that_look_cut_short_are_texts(sandbox: Sandbox) -> None:
    given = {"x": ["[...]", {"a": "{...}"}]}
    assert sandbox.run("y = x + ['(...)']", given, NOW)[1] == {"y": [*given["x"], "(...)"]}


def test_a_script_cannot_catch_its_own_end(sandbox: Sandbox) -> None:
    text = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
    with pytest.raises(errors.Invalid):
        sandbox.run(text, {}, NOW)


def test_the_worker_that_survived_all_this_is_none_the_worse(sandbox: Sandbox) -> None:
    for text in (OUTSIDE[0], ESCAPES[0], HUNGRY[0], ENDLESS[0], DEEP[0]):
        with pytest.raises(errors.Invalid):
            sandbox.run(text, {}, NOW)
        assert sandbox.run("x = n + 1", {"n": 1}, NOW) == (None, {"x": 2})


def test_a_builtin_that_a_script_spoils_is_whole_for_the_next(sandbox: Sandbox) -> None:
    _, changed = sandbox.run("len = lambda x: 99\nn = len([])", {}, NOW)
    assert changed == {"n": 99}
    assert sandbox.run("n = len([])", {}, NOW) == (None, {"n": 0})


@pytest.mark.parametrize("name", ["class", "def", "x y", "1x", "x\ny", "__import__('os')", ""])
def test_a_variable_with_a_hostile_name_does_not_become_code(sandbox: Sandbox, name: str) -> None:
    assert sandbox.run("x = 1", {name: "harm"}, NOW) == (None, {"x": 1})
