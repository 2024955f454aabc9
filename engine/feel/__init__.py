"""FEEL, the expression language of the house: DMN 1.5, compiled to closures, with a budget and without side effects.

    expression = feel.compile_expression('amount > 1000 and segment = "key"')
    expression.evaluate({"amount": 1200, "segment": "key"})            # True

Variables may be plain Python (see engine/feel/boundary.py for the rule); results are values of engine/feel/values.py
until ``to_python`` or ``to_json`` turns them back. An error in an evaluation is null plus a warning; only a text that
is no expression, a used-up budget and a foreign Python object raise (all engine.errors.Invalid).

For decision models: ``Run`` spans several expressions (``evaluate_in``, ``matches_in``), ``Function`` and ``call``
carry business knowledge models, ``conformance.coerce`` converts to declared types, ``types`` names them.
"""

from engine.feel import boundary, comparison, conformance, type_names, types, values
from engine.feel.boundary import from_python, to_json, to_python
from engine.feel.calling import call
from engine.feel.checking import check, did_you_mean, function_names, inferred_type, unknown
from engine.feel.dialects import LANGUAGES, compile_dialect
from engine.feel.errors import BudgetExceeded, FeelSyntaxError, ForeignValue, Untranslatable
from engine.feel.expression import Expression, HostCall, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.formatting import to_text
from engine.feel.freedom import Occurrence
from engine.feel.run import Budget, Run, Warning
from engine.feel.values import Function, Parameter, Range

__all__ = [
    "LANGUAGES",
    "Budget",
    "BudgetExceeded",
    "Expression",
    "FeelSyntaxError",
    "ForeignValue",
    "Function",
    "HostCall",
    "Occurrence",
    "Parameter",
    "Range",
    "Run",
    "UnaryTests",
    "Untranslatable",
    "Warning",
    "boundary",
    "call",
    "check",
    "comparison",
    "compile_dialect",
    "compile_expression",
    "compile_unary_tests",
    "conformance",
    "did_you_mean",
    "from_python",
    "function_names",
    "inferred_type",
    "to_json",
    "to_python",
    "to_text",
    "type_names",
    "types",
    "unknown",
    "values",
]
