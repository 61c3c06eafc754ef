"""What a person writes, turned into typed and checked objects with a grade and a source for every figure."""

from corpfin.inputs.documents import Company, Figure, Market, Scenario
from corpfin.inputs.errors import Failure, InputError, Problem, nearest_name
from corpfin.inputs.fields import Table
from corpfin.inputs.find import known_companies, known_scenarios, shipped
from corpfin.inputs.load import Batch, joined, load_companies, load_company, load_market, load_scenario
from corpfin.inputs.market import Shock
from corpfin.inputs.template import company_template

__all__ = [
    "Batch",
    "Company",
    "Failure",
    "Figure",
    "InputError",
    "Market",
    "Problem",
    "Scenario",
    "Shock",
    "Table",
    "company_template",
    "joined",
    "known_companies",
    "known_scenarios",
    "load_companies",
    "load_company",
    "load_market",
    "load_scenario",
    "nearest_name",
    "shipped",
]
