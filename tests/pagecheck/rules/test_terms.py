"""Rule 7, its last part: no mistranslation of the glossary occurs."""

import pytest

from pagecheck.config import load_config
from pagecheck.page import parse_page
from pagecheck.rules.terms import check_terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("渐变下降", ["渐变"]),
        ("梯度下降", []),
        ("a ReLu unit", ["ReLu"]),
        ("a ReLU unit and a PReLuX", []),
        ("一行\n\n`ReLu`的装置", ["ReLu", "装置"]),
    ],
)
def test_a_forbidden_term_is_found_wherever_it_stands(text, found):
    problems = check_terms(parse_page(text), ["ReLu", "渐变", "装置"])
    assert [problem.found for problem in problems] == found


def test_a_term_s_line_is_named():
    (problem,) = check_terms(parse_page("一\n\n二\n\n有渐变"), ["渐变"])
    assert problem.line == 5


def test_the_project_forbids_the_glossary_s_mistranslations_but_in_the_errata(
    request: pytest.FixtureRequest,
):
    config = load_config(request.config.rootpath)
    assert "渐变" in config.terms_forbidden_on(config.pages["zh"] / "index.md")
    errata = config.pages["zh"] / "reference/errata.md"
    assert config.terms_forbidden_on(errata) == ()
