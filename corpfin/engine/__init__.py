"""The engine room: lines written as plain functions become a graph, an interpreter, a kernel and explanations."""

from corpfin.engine.data import Data, DataError
from corpfin.engine.explain import ExplainError, Node, explain, render
from corpfin.engine.grammar import Constant, Expression, GrammarError, ModelError, check, exp, log, norm_cdf
from corpfin.engine.graph import Graph
from corpfin.engine.interpret import EvaluationError, Openings, Values, interpret, openings
from corpfin.engine.kernel import Kernel, Prepared, Result, Row, needed_above
from corpfin.engine.parts import Given, GraphError, Line, Ref

__all__ = [
    "Constant", "Data", "DataError", "EvaluationError", "ExplainError", "Expression", "Given", "GrammarError",
    "Graph", "GraphError", "Kernel", "Line", "ModelError", "Node", "Openings", "Prepared", "Ref", "Result", "Row",
    "Values", "check", "exp", "explain", "interpret", "log", "needed_above", "norm_cdf", "openings", "render",
]  # fmt: skip
