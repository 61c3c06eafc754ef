"""What a person writes, turned into typed and checked objects with a grade and a source for every figure."""

from corpfin.inputs.documents import Company, Figure, Market, Scenario
from corpfin.inputs.errors import Failure, InputError, Problem, nearest_name
from corpfin.inputs.fields import Table
from corpfin.inputs.find import AsOf, companies_of, known_companies, known_scenarios, newest, shipped, vintages
from corpfin.inputs.load import Batch, joined, load_companies, load_company, load_market, load_scenario
from corpfin.inputs.market import Shock
from corpfin.inputs.template import company_template, market_template, scenario_template

__all__ = [
    "AsOf",
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
    "companies_of",
    "company_template",
    "joined",
    "known_companies",
    "known_scenarios",
    "load_companies",
    "load_company",
    "load_market",
    "load_scenario",
    "market_template",
    "nearest_name",
    "newest",
    "scenario_template",
    "shipped",
    "vintages",
]
