"""The house's answer to what the kernel asks: FEEL and its dialects, decision models, scripts in the sandbox.

Expressions and decision models are compiled once and kept. Each evaluation has FEEL's budget of steps and size.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import dmn, errors, feel
from engine.model.expression import Expression
from engine.model.text import Text
from engine.scripts import foreign
from engine.scripts.sandbox import Sandbox

_EXPRESSIONS = 20_000
_MODELS = 500


class HouseEvaluator:
    """One for all threads of a process; ``close`` ends the sandbox's workers."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or Sandbox()
        self._compiled: dict[tuple[str, str], feel.Expression] = {}
        self._models: OrderedDict[bytes, dmn.DecisionModel] = OrderedDict()

    def value(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> Any:
        if expression.language == "literal":
            return expression.text
        return feel.to_python(self._code(expression, variables).evaluate(variables, now=now))

    def condition(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> bool:
        if expression.language == "literal":
            return expression.text.strip().lower() == "true"
        return self._code(expression, variables).holds(variables, now=now)

    def doubts(self, expression: Expression, variables: Mapping[str, Any], now: datetime) -> tuple[Text, ...]:
        """What FEEL warns of, each thing once."""
        if expression.language == "literal":
            return ()
        try:
            _, warnings = self._code(expression, variables).evaluate_with_warnings(variables, now=now)
        except errors.Invalid as fault:
            return (fault.text,)
        found: list[Text] = []
        for warning in warnings:
            if warning.text not in found:
                found.append(warning.text)
        return tuple(found)

    def script(
        self, language: str, text: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, dict[str, Any]]:
        if language == "python":
            return self._sandbox.run(text, variables, now)
        if language == "feel":
            return self.value(Expression(text=text), variables, now), {}
        if language in foreign.LANGUAGES:
            return foreign.run(language, text, variables, lambda *asked: self._asked(asked, now))
        raise errors.Invalid(
            "script_language",
            zh=f"不支持 {language or '（未说明）'} 脚本，请改用 Python 或 FEEL",
            en=f"scripts in {language or '(no language)'} do not run here: write them in Python or FEEL",
            language=language,
        )

    def decide(
        self, dmn_xml: str, decision: str, variables: Mapping[str, Any], now: datetime
    ) -> tuple[Any, tuple[str, ...]]:
        outcome = dmn.evaluate(self._model(dmn_xml), decision, variables, now=now)
        return feel.to_python(outcome.value), outcome.rules

    def _asked(self, asked: tuple[str, str, Mapping[str, Any]], now: datetime) -> Any:
        text, language, variables = asked
        return feel.to_python(feel.compile_dialect(text, language).evaluate(variables, now=now))

    def close(self) -> None:
        self._sandbox.close()

    def _code(self, expression: Expression, variables: Mapping[str, Any]) -> feel.Expression:
        """Raises Untranslatable for a call of code that nobody has made (engine/definitions/errands.py)."""
        key = (expression.language, expression.text)
        code = self._compiled.get(key)
        if code is None:
            if len(self._compiled) >= _EXPRESSIONS:
                self._compiled.clear()
            code = self._compiled[key] = feel.compile_dialect(expression.text, expression.language, errands=True)
        if code.calls and any(call.variable not in variables for call in code.calls):
            return feel.compile_dialect(expression.text, expression.language)
        return code

    def _model(self, xml: str) -> dmn.DecisionModel:
        key = hashlib.sha256(xml.encode()).digest()
        model = self._models.get(key)
        if model is None:
            model = self._models[key] = dmn.read(xml.encode())
            if len(self._models) > _MODELS:
                self._models.popitem(last=False)
        return model
