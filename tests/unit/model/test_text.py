"""Nobody ever sees an empty label: a missing language falls back in a fixed order."""

import pytest

from engine.model.text import EN, LOCALES, ZH, both, pick


def test_both_languages_stand_under_their_tags() -> None:
    assert both(zh="审批", en="Approve") == {"zh-CN": "审批", "en": "Approve"}
    assert LOCALES == (ZH, EN)


@pytest.mark.parametrize(
    "text, locale, seen",
    [
        ({"zh-CN": "审批", "en": "Approve"}, "zh-CN", "审批"),
        ({"zh-CN": "审批", "en": "Approve"}, "en", "Approve"),
        # neither: English before Chinese
        ({"zh-CN": "审批", "en": "Approve"}, "de", "Approve"),
        ({"zh-CN": "审批"}, "en", "审批"),
        ({"en": "Approve"}, "zh-CN", "Approve"),
        # empty words count as missing
        ({"zh-CN": "", "en": "Approve"}, "zh-CN", "Approve"),
        ({"zh-CN": "审批", "en": ""}, "en", "审批"),
        # a third language is better than nothing
        ({"de": "Genehmigen"}, "en", "Genehmigen"),
        ({"fr": "", "de": "Genehmigen"}, "zh-CN", "Genehmigen"),
        ({}, "en", "the default"),
        ({"en": "", "zh-CN": ""}, "en", "the default"),
    ],
)
def test_the_words_for_a_reader(text: dict[str, str], locale: str, seen: str) -> None:
    assert pick(text, locale, "the default") == seen


def test_without_a_default_nothing_is_an_empty_string() -> None:
    assert pick({}, "en") == ""
