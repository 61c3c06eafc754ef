"""The engine room: lines written as plain functions become a graph, an interpreter, a kernel and explanations."""

from corpfin.engine.data import Data, DataError
from corpfin.engine.explain import ExplainError, Node, explain, render
from corpfin.engine.grammar import Constant, Expression, GrammarError, ModelError, check, exp, log, norm_cdf
from corpfin.engine.graph import Graph, build_model
from corpfin.engine.interpret import EvaluationError, Openings, Values, interpret, interpret_together, openings
from corpfin.engine.kernel import Job, Kernel, Prepared, run_together
from corpfin.engine.parts import Given, GraphError, Line, Plan, Ref
from corpfin.engine.program import Result, Row

__all__ = [
    "Constant", "Data", "DataError", "EvaluationError", "ExplainError", "Expression", "Given", "GrammarError",
    "Graph", "GraphError", "Job", "Kernel", "Line", "ModelError", "Node", "Openings", "Plan", "Prepared", "Ref",
    "Result", "Row", "Values", "build_model", "check", "exp", "explain", "interpret", "interpret_together", "log",
    "norm_cdf", "openings", "render", "run_together",
]  # fmt: skip
