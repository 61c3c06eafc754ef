"""Every result has one face, declared beside its renderer."""

from importlib import import_module

import pytest

import corpfin as cf
from corpfin import runs, studies
from corpfin.report.faces import FACES, face_of
from corpfin.studies.result import Result


@pytest.mark.parametrize("name", FACES)
def test_a_face_is_that_of_its_result(name: str) -> None:
    face = import_module(f"corpfin.report.{FACES[name]}").FACE
    assert face.result is getattr(cf, name)


def test_every_result_of_a_study_has_a_face() -> None:
    public = [getattr(room, name) for room in (runs, studies) for name in room.__all__]
    results = {item.__name__ for item in public if isinstance(item, type) and issubclass(item, Result)}
    assert len(results) == 9
    assert results <= set(FACES)


def test_a_simulation_has_a_page_and_a_document(sector: cf.Simulation) -> None:
    face = face_of(sector)
    assert face.page(sector).startswith("| company | survival_12 |")
    assert [row["company"] for row in face.document(sector)["table"]] == list(sector.outcomes)


def test_what_is_no_result_has_no_face() -> None:
    with pytest.raises(TypeError, match="a str is no result that can be shown; results are Simulation, Comparison"):
        face_of("WULF")
