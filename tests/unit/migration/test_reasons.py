"""What people read about an instance that cannot move: the step by its name, in their language."""

from typing import get_args

import pytest

from engine.migration import reasons
from engine.model.text import both
from tests.kernel.models import node, program

OLD = program(node("user a", name="Check\nthe order"), node("user b", texts=both(zh="审批", en="Approve")), "user c")
NEW = program(node("user a", name="Look"), node("user d", texts={"zh-CN": "归档"}, name="File"))
CODES = get_args(reasons.Code)
OF_A_STEP = [code for code in CODES if code not in ("never_begins", "undecided", "elsewhere", "over", "waited_long")]


@pytest.mark.parametrize("code", CODES)
def test_each_reason_is_a_sentence_in_both_languages(code: reasons.Code) -> None:
    said = reasons.reason(code, "b", OLD)
    assert (said.code, said.node) == (code, "b")
    assert said.text["zh-CN"] and said.text["en"] and said.text["zh-CN"] != said.text["en"]
    assert "{}" not in said.text["zh-CN"] + said.text["en"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.text["zh-CN"])
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in said.text["en"])


@pytest.mark.parametrize("code", OF_A_STEP)
def test_a_reason_about_a_step_names_it(code: reasons.Code) -> None:
    said = reasons.reason(code, "b", OLD).text
    assert "审批" in said["zh-CN"] and "Approve" in said["en"]


@pytest.mark.parametrize("code", [code for code in CODES if code not in OF_A_STEP])
def test_a_reason_about_the_whole_names_no_step(code: reasons.Code) -> None:
    assert reasons.reason(code, "b", OLD).text == reasons.reason(code).text


def test_no_two_reasons_read_alike() -> None:
    for locale in ("zh-CN", "en"):
        said = [reasons.reason(code, "b", OLD).text[locale] for code in CODES]
        assert len(set(said)) == len(said)


NAMES = [
    # rule, step, programs, Chinese, English
    ("its texts", "b", (OLD,), "审批", "Approve"),
    ("its drawn name, on one line", "a", (OLD,), "Check the order", "Check the order"),
    ("its id where it has no name", "c", (OLD,), "c", "c"),
    ("its id where nobody knows it", "z", (OLD, NEW), "z", "z"),
    ("the first program that has it", "a", (NEW, OLD), "Look", "Look"),
    ("the next program where the first has none", "b", (NEW, OLD), "审批", "Approve"),
    ("the other language before the drawn name", "d", (OLD, NEW), "归档", "归档"),
    ("its id where there is no program", "b", (), "b", "b"),
]


@pytest.mark.parametrize(("step", "programs", "zh", "en"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_a_step_is_called_by(step: str, programs: tuple[object, ...], zh: str, en: str) -> None:
    said = reasons.reason("stopped", step, *programs).text  # type: ignore[arg-type]
    assert said == {"zh-CN": f"“{zh}”有故障，请先处理", "en": f"there is an incident at “{en}” to be mended first"}


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (both(zh="余额不足", en="no money"), "迁移时出错：余额不足", "it failed: no money"),
        ({"en": "no money"}, "迁移时出错：no money", "it failed: no money"),
        ({"zh-CN": "余额不足"}, "迁移时出错：余额不足", "it failed: 余额不足"),
        ({}, "迁移时出错：", "it failed: "),
        (both(zh="{0} {x}", en="{0} {x}"), "迁移时出错：{0} {x}", "it failed: {0} {x}"),
    ],
)
def test_a_failure_is_told_with_the_words_of_its_error(words: dict[str, str], zh: str, en: str) -> None:
    said = reasons.said("failed", words)
    assert (said.code, said.node, said.text) == ("failed", "", {"zh-CN": zh, "en": en})
