"""Names in further languages, as other modellers write them, are the texts of the house."""

import pytest

from engine.bpmn import translations
from engine.bpmn.read import read
from engine.model.text import pick

SPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:signavio="http://www.signavio.com" '
    'xmlns:i18n="http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0" '
    'xmlns:crmflow="https://crmflow.dev/schema/bpmn/1.0"'
)


def document(extensions: str, name: str = "Check", more: str = "") -> bytes:
    held = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return (
        f'<definitions {SPACES} targetNamespace="t"><process id="p" name="{name}">{held}'
        f'<task id="a" name="{name}" {more}>{held}</task><task id="b"/>'
        f'<sequenceFlow id="f" name="{name}" sourceRef="a" targetRef="b">{held}</sequenceFlow></process></definitions>'
    ).encode()


CASES = [
    ('<i18n:translation xml:lang="zh-CN" target="@name">检查</i18n:translation>', {"zh-CN": "检查", "en": "Check"}),
    ('<i18n:translation xml:lang="zh" target="@name">检查</i18n:translation>', {"zh-CN": "检查", "en": "Check"}),
    ('<i18n:translation xml:lang="de">Prüfen</i18n:translation>', {"de": "Prüfen", "en": "Check"}),
    ('<i18n:translation xml:lang="en-GB">Cheque</i18n:translation>', {"en": "Cheque"}),
    ('<i18n:translation xml:lang="zh-TW">檢查</i18n:translation>', {"zh-TW": "檢查", "en": "Check"}),
    (
        '<i18n:translation xml:lang="de">Prüfen</i18n:translation>'
        '<i18n:translation xml:lang="de">Nein</i18n:translation>',
        {"de": "Prüfen", "en": "Check"},
    ),
    ('<i18n:translation xml:lang="de" target="documentation">Lang</i18n:translation>', {}),
    ('<i18n:translation target="@name">?</i18n:translation>', {}),
    ('<i18n:translation xml:lang="de"> </i18n:translation>', {}),
    ('<i18n:translation xml:lang="fr">Deux\n  lignes</i18n:translation>', {"fr": "Deux lignes", "en": "Check"}),
    ('<signavio:signavioMetaData metaKey="name_zh_cn" metaValue="检查"/>', {"zh-CN": "检查", "en": "Check"}),
    ('<signavio:signavioMetaData metaKey="name_de_de" metaValue="Prüfen"/>', {"de-DE": "Prüfen", "en": "Check"}),
    ('<signavio:signavioMetaData metaKey="bgcolor" metaValue="#fff"/>', {}),
    ('<signavio:signavioMetaData metaKey="name_zh_cn" metaValue=""/>', {}),
    ("", {}),
]


@pytest.mark.parametrize(("extensions", "texts"), CASES)
def test_a_translation_is_a_text_of_processes_nodes_and_flows(extensions, texts):
    made = read(document(extensions))
    (program,) = made.programs
    assert (program.texts, program.nodes[0].texts, program.flows[0].texts) == (texts, texts, texts)
    assert "extension_not_understood" not in {problem.code for problem in made.problems}


def test_the_drawn_name_is_the_readers_when_their_language_is_not_given():
    """A German translation does not turn the Chinese drawing German for its Chinese readers."""
    program = read(document('<i18n:translation xml:lang="de">Prüfen</i18n:translation>', name="检查")).programs[0]
    assert pick(program.nodes[0].texts, "zh-CN") == "检查"
    assert pick(program.nodes[0].texts, "en") == "检查"


def test_the_houses_own_text_goes_before_another_modellers():
    data = document('<i18n:translation xml:lang="zh-CN">检查</i18n:translation>', more='crmflow:name-zh-CN="核查"')
    assert read(data).programs[0].nodes[0].texts == {"zh-CN": "核查", "en": "Check"}


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        *(("zh", "zh-CN"), ("zh_cn", "zh-CN"), ("zh-Hans", "zh-CN"), ("ZH-CN", "zh-CN"), ("zh-hant-tw", "zh-Hant-TW")),
        *(("en", "en"), ("en_us", "en"), ("de", "de"), ("de_at", "de-AT"), ("pt-br", "pt-BR"), ("sr_latn", "sr-Latn")),
    ],
)
def test_one_language_has_one_tag(tag, locale):
    assert translations.locale(tag) == locale
