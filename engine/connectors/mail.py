"""What a mail connector does: a letter of a job's input, sent, and what the server's words mean for the process."""

from collections.abc import Mapping
from typing import Any

import msgspec

from engine import errors
from engine.connectors import filling, letters
from engine.model.text import both
from engine.outside import line, mail
from engine.ports import Failed, JobAnswer, JobCall, Transaction
from engine.trust.credentials import Opened

LONGEST_SECONDS = 25.0


class Mail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str
    port: int = 587
    security: mail.Security = "starttls"
    credential: str = ""
    """Of kind basic: the login."""
    sender: str
    sender_name: str = ""
    reply_to: str = ""
    seconds: float = mail.SECONDS
    refused_error: str = ""
    """Code of the BPMN error when every recipient is refused for ever; empty: an incident."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a job's input says of its letter; other names are values for the template."""

    to: Any = None
    """An address or a list; none: the customer's first one."""
    cc: Any = ()
    bcc: Any = ()
    template: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    language: str = ""
    attachments: tuple[letters.Attachment, ...] = ()


def letter(settings: Mail, call: JobCall, tx: Transaction, *, locale: str) -> tuple[letters.Envelope, letters.Content]:
    """Raises errors.Invalid and errors.NotFound (template)."""
    wanted = _wanted({**call.variables, **call.input})
    language = wanted.language or (call.customer.language if call.customer else locale)
    envelope = letters.Envelope(
        sender=letters.address(settings.sender),
        sender_name=settings.sender_name,
        reply_to=letters.address(settings.reply_to) if settings.reply_to else "",
        to=_addresses(wanted.to if wanted.to is not None else _of_customer(call)),
        cc=_addresses(wanted.cc),
        bcc=_addresses(wanted.bcc),
    )
    if not wanted.template:
        content = letters.Content(subject=wanted.subject, text=wanted.text, html=wanted.html, language=language)
    else:
        template = tx.connectors.template(wanted.template)
        if template is None:
            raise errors.NotFound(
                "template_unknown",
                zh=f"没有名为“{wanted.template}”的邮件模板。",
                en=f"There is no mail template {wanted.template!r}.",
                name=wanted.template,
            )
        content = letters.filled(template, filling.variables(call), language=language)
    return envelope, msgspec.structs.replace(content, attachments=wanted.attachments)


def perform(
    settings: Mail,
    call: JobCall,
    envelope: letters.Envelope,
    content: letters.Content,
    *,
    gate: line.Gate,
    opened: Opened | None,
) -> JobAnswer:
    """Raises Failed, and errors.Invalid for a letter that cannot be written."""
    message = letters.compose(envelope, content, key=call.id, now=call.now)
    server = mail.Server(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        user=opened.user if opened else "",
        password=opened.secret if opened else "",
        seconds=settings.seconds,
    )
    try:
        sent = mail.send(message, sender=envelope.sender, to=envelope.recipients, server=server, gate=gate)
    except errors.CrmflowError as error:
        raise Failed(error.text, hopeless=not isinstance(error, errors.Unavailable)) from error
    data = {"accepted": list(sent.accepted), "refused": sent.refused, "messageId": str(message["Message-ID"])}
    if sent.accepted:
        return JobAnswer(data=data)
    words = "; ".join(f"{who}: {why}" for who, why in sent.refused.items())
    if settings.refused_error:
        return JobAnswer(error=settings.refused_error, message=words, data=data)
    raise Failed(both(zh=f"所有收件人都被拒绝：{words}", en=f"Every recipient was refused: {words}"), hopeless=True)


def _wanted(given: Mapping[str, Any]) -> Wanted:
    known = {name: given[name] for name in Wanted.__struct_fields__ if given.get(name) is not None}
    try:
        return msgspec.convert(known, Wanted)
    except msgspec.ValidationError as error:
        raise errors.Invalid(
            "letter_invalid", zh=f"邮件的输入不符合要求：{error}", en=f"The letter's input is wrong: {error}"
        ) from error


def _addresses(given: Any) -> tuple[str, ...]:
    listed = given if isinstance(given, list | tuple) else [one for one in str(given).split(",") if one.strip()]
    return tuple(letters.address(one) for one in listed)


def _of_customer(call: JobCall) -> list[str]:
    found = [str(one["email"]) for one in (call.customer.contacts if call.customer else ()) if one.get("email")]
    if not found:
        raise errors.Invalid(
            "letter_to_nobody",
            zh="邮件没有收件人 to，客户也没有电子邮件地址。",
            en="The letter has no recipient (to), and the customer has no e-mail address.",
        )
    return found[:1]
