"""Letters from templates: safe substitution, in the reader's language, as text and as HTML. Pure.

``{{name}}`` and ``{{customer.name}}`` are looked up, and nothing else is: no expressions, no code. In HTML every value
is escaped; in a subject a line break is refused, for it would begin another header.
"""

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import msgspec

from engine import errors
from engine.model.problem import Problem
from engine.model.text import LOCALES, Text, both, pick
from engine.outside import targets
from engine.outward import Template

LONGEST = 100_000
"""Characters of a template's text."""
MOST_RECIPIENTS = 50
MOST_ATTACHED = 5 * 1024 * 1024
_PLACE = re.compile(r"\{\{\s*([^\W\d]\w*(?:\.\w+)*)\s*\}\}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(.{1,253})")
_TYPE = re.compile(r"([a-z0-9.+-]{1,60})/([a-z0-9.+-]{1,80})")


class Attachment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``content`` in base64, or ``text``."""

    name: str
    type: str = "application/octet-stream"
    content: str = ""
    text: str = ""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    sender: str
    sender_name: str = ""
    reply_to: str = ""
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.bcc)))


class Content(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    text: str
    html: str = ""
    language: str
    attachments: tuple[Attachment, ...] = ()


def filled(template: Template, scope: Mapping[str, Any], *, language: str) -> Content:
    """Raises errors.Invalid for a place without a value, naming it."""
    markup = pick(template.html, language)
    return Content(
        subject=substitute(pick(template.subject, language), scope),
        text=substitute(pick(template.text, language), scope),
        html=substitute(markup, scope, escaped=True) if markup else "",
        language=language,
    )


def substitute(text: str, scope: Mapping[str, Any], *, escaped: bool = False) -> str:
    def value(found: re.Match[str]) -> str:
        words = _looked_up(found[1], scope)
        return html.escape(words) if escaped else words

    return _PLACE.sub(value, text)


def _looked_up(path: str, scope: Mapping[str, Any]) -> str:
    value: Any = scope
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, bool) or value is None or isinstance(value, dict | list | tuple):
        raise errors.Invalid(
            "template_value",
            zh=f"模板中的 {{{{{path}}}}} 没有可写入的值。",
            en=f"{{{{{path}}}}} in the template has no value that can be written there.",
            place=path,
        )
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def problems(subject: Text, text: Text, markup: Text) -> Iterator[Problem]:
    """Of a template that somebody wrote."""
    for part, words in (("subject", subject), ("text", text), ("html", markup)):
        for language, line in words.items():
            where = f"/{part}/{language}"
            if language not in LOCALES:
                yield _wrong(where, zh="语言应为 zh-CN 或 en", en="expected the language zh-CN or en")
            if len(line) > (200 if part == "subject" else LONGEST):
                yield _wrong(where, zh="文本过长", en="the text is too long")
            if part == "subject" and any(ord(sign) < 32 for sign in line):
                yield _wrong(where, zh="主题不得换行", en="a subject has one line")
            if "{{" in _PLACE.sub("", line) or "}}" in _PLACE.sub("", line):
                yield _wrong(where, zh="占位符应写作 {{名称}}", en="a place is written {{name}}")
    for part, words in (("subject", subject), ("text", text)):
        if not any(words.values()):
            yield _wrong(f"/{part}", zh="至少需要一种语言", en="expected the words in at least one language")
    for language in {one for one, line in subject.items() if line} ^ {one for one, line in text.items() if line}:
        yield _wrong(f"/text/{language}", zh="主题与正文的语言应一致", en="subject and text need the same languages")


def places(*texts: Text) -> tuple[str, ...]:
    """The names that a template asks for, each once."""
    return tuple(dict.fromkeys(name for text in texts for words in text.values() for name in _PLACE.findall(words)))


def address(text: Any) -> str:
    """``local@host`` as servers take it. Raises errors.Invalid for anything else, a name beside it too."""
    found = _ADDRESS.fullmatch(text.strip()) if isinstance(text, str) else None
    host = targets.name(found[1]) if found else ""
    if not found or not host or "." not in host or ".." in text:
        shown = str(text)[:80]
        raise errors.Invalid(
            "address_invalid", zh=f"“{shown}”不是电子邮件地址。", en=f"{shown!r} is no e-mail address.", address=shown
        )
    return f"{found[0].rpartition('@')[0]}@{host}"


def compose(envelope: Envelope, content: Content, *, key: str, now: datetime) -> EmailMessage:
    """The letter; its Message-ID is the same for the same ``key``, so that a twin can be known.

    Raises errors.Invalid for a subject or name with a line break, and errors.TooLarge for attachments.
    """
    _one_line("subject", content.subject)
    _one_line("sender_name", envelope.sender_name)
    if not 0 < len(envelope.recipients) <= MOST_RECIPIENTS:
        raise errors.Invalid(
            "recipients",
            zh=f"收件人须为 1 到 {MOST_RECIPIENTS} 个。",
            en=f"A letter has 1 to {MOST_RECIPIENTS} recipients.",
        )
    made = EmailMessage()
    made["From"] = Address(envelope.sender_name, addr_spec=envelope.sender)
    made["To"] = [Address(addr_spec=one) for one in envelope.to]
    if envelope.cc:
        made["Cc"] = [Address(addr_spec=one) for one in envelope.cc]
    if envelope.reply_to:
        made["Reply-To"] = Address(addr_spec=envelope.reply_to)
    made["Subject"] = content.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{envelope.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(content.text)
    if content.html:
        made.add_alternative(content.html, subtype="html")
    _attach(made, content.attachments)
    made["Content-Language"] = content.language  # last: parts that are added take such headers with them
    return made


def _attach(made: EmailMessage, attachments: tuple[Attachment, ...]) -> None:
    total = 0
    for number, one in enumerate(attachments):
        kind = _TYPE.fullmatch(one.type.lower())
        if not kind or not 0 < len(one.name) <= 120 or re.search(r"[\x00-\x1f\x7f/\\]", one.name):
            raise _bad_attachment(number)
        try:
            data = base64.b64decode(one.content, validate=True) if one.content else one.text.encode()
        except (binascii.Error, ValueError):
            raise _bad_attachment(number) from None
        total += len(data)
        if total > MOST_ATTACHED:
            raise errors.TooLarge(
                "attachments_large",
                zh=f"附件合计超过 {MOST_ATTACHED} 字节。",
                en=f"Attachments have more than {MOST_ATTACHED} bytes in all.",
            )
        made.add_attachment(data, maintype=kind[1], subtype=kind[2], filename=one.name)


def _one_line(field: str, words: str) -> None:
    if any(ord(sign) < 32 or ord(sign) == 127 or sign in "\u0085\u2028\u2029" for sign in words) or len(words) > 500:
        raise errors.Invalid(
            "letter_line",
            zh=f"{field} 不得换行或含控制字符，最长 500 个字符。",
            en=f"{field} has one line without control characters, of at most 500 characters.",
            field=field,
        )


def _bad_attachment(number: int) -> errors.Invalid:
    return errors.Invalid(
        "attachment_invalid",
        zh=f"第 {number + 1} 个附件的名称、类型或 base64 内容不符合要求。",
        en=f"Attachment {number + 1}: its name, type or base64 content is wrong.",
        number=number,
    )


def _wrong(pointer: str, *, zh: str, en: str) -> Problem:
    return Problem(code="template_invalid", pointer=pointer, text=both(zh=zh, en=en))
