"""Each rule of the standard with the smallest file that breaks it and the nearest that keeps it."""

import re

import pytest

from engine.bpmn import survey
from engine.bpmn.rules.check import FELT, RULES
from tests.unit.bpmn import rule_cases
from tests.unit.bpmn.drawn import codes, document, reading

CASES = [(code, broken, kept) for code, (broken, kept) in rule_cases.CASES.items()]
BY_CODE = {rule.code: rule for rule in RULES}


def read_case(case):
    inside, roots = case if isinstance(case, tuple) else (case, "")
    return reading(inside, roots)


@pytest.mark.parametrize(("code", "broken", "kept"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_is_broken_by_the_one_and_kept_by_the_other(code, broken, kept):
    told = [problem for problem in read_case(broken).problems if problem.code == code]
    assert told, "the smallest breach is not named"
    assert code not in codes(read_case(kept)), "the nearest file that keeps the rule is accused"


@pytest.mark.parametrize(("code", "broken", "kept"), CASES, ids=[case[0] for case in CASES])
def test_a_breach_has_its_line_its_number_and_both_languages(code, broken, kept):
    rule = BY_CODE[code]
    for problem in read_case(broken).problems:
        if problem.code != code:
            continue
        assert problem.line > 0 and problem.file == "x.bpmn"
        for words in (problem.text["zh-CN"], problem.text["en"]):
            assert rule.number in words and not re.search(r"[{}]", words)
        assert re.search(r"[\u4e00-\u9fff]", problem.text["zh-CN"]) and problem.text["en"].isascii()
        assert problem.severity == ("info" if rule.strict and code not in FELT else rule.severity)


def test_every_rule_stands_in_the_table():
    assert {*rule_cases.CASES, *rule_cases.ELSEWHERE} == set(BY_CODE)


def test_a_public_process_is_not_to_be_executed():
    assert "public_executable" in codes(reading("", attributes='processType="Public"'))
    assert "public_executable" not in codes(reading("", attributes='processType="Private"'))


OFFERED = [code for code, rule in BY_CODE.items() if rule.fix and code in rule_cases.CASES]


@pytest.mark.parametrize("code", OFFERED)
def test_an_offered_mend_ends_the_breach(code):
    broken = rule_cases.CASES[code][0]
    inside, roots = broken if isinstance(broken, tuple) else (broken, "")
    data, done = survey.mended(document(inside, roots))
    assert code in {problem.code for problem in done}
    assert code not in {problem.code for problem in survey.survey(data)[1]}


@pytest.mark.parametrize("code", sorted(rule.code for rule in RULES if rule.strict and rule.code in rule_cases.CASES))
def test_the_letter_of_the_standard_is_not_held_against_a_vendors_file(code):
    inside, roots = broken if isinstance(broken := rule_cases.CASES[code][0], tuple) else (broken, "")
    vendor = '<userTask id="vendors" camunda:assignee="a"/>'
    assert code not in codes(reading(inside + vendor, roots))


def test_designers_see_no_note_of_the_standards_letter_among_the_warnings():
    """A message event without an operation: what every modeller draws."""
    problems = reading(rule_cases.with_message('messageRef="m">'), '<message id="m" name="M"/>').problems
    assert {problem.severity for problem in problems if problem.code == "message_without_operation"} == {"info"}
