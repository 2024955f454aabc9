"""Coverage-guided fuzzing of the expression language: ``python -m bench.fuzz_feel -max_total_time=600``.

Needs the package atheris. Anything but a value or an error of the language's own is a crash, and so is an input that
takes longer than a second (``-timeout=1``).
"""

import sys

import atheris

with atheris.instrument_imports(include=["engine.feel"]):
    from engine import feel

BUDGET = feel.Budget(steps=5_000, depth=15, result_size=5_000, pattern_seconds=0.05)
VARIABLES = {"x": 1.5, "y": [{"a": "b"}, None], "text": "2020-01-01"}
EXPECTED = (feel.FeelSyntaxError, feel.BudgetExceeded, feel.Untranslatable)


def once(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    language = provider.PickValueInList([*feel.LANGUAGES, "unary"])
    text = provider.ConsumeUnicodeNoSurrogates(200)
    try:
        if language == "unary":
            feel.compile_unary_tests(text).matches(1, VARIABLES, budget=BUDGET)
        else:
            feel.to_json(feel.compile_dialect(text, language).evaluate(VARIABLES, budget=BUDGET))
    except EXPECTED:
        pass


def main() -> None:
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
