"""A page is run once for all rules and twins, and a kept run is never a stale pass."""

import json
from dataclasses import replace

import pytest

from pagecheck import runs
from pagecheck.page import parse_page
from pagecheck.runs import environment, recording_of

from .conftest import GOOD, GOOD_ZH, problems_of, subject

UNSEEDED = "# T { #t }\n\n```python\nimport random\n\nprint(random.random())\n```\n"


@pytest.fixture
def counted(monkeypatch):
    """The pages that are really run, in order; outside CI."""
    monkeypatch.delenv("CI", raising=False)
    ran, run_page = [], runs.run_page

    def run(page, *args):
        ran.append(page.path.parts[-2])
        return run_page(page, *args)

    monkeypatch.setattr(runs, "run_page", run)
    runs._runs.clear()
    return ran


def anew(root, language="en"):
    """A page as another process would read it."""
    runs._runs.clear()
    environment.cache_clear()
    return subject(root, language)


def test_twins_of_equal_code_share_one_run(project, tmp_path, counted):
    project()
    assert problems_of(subject(tmp_path, "en")) == []
    assert problems_of(subject(tmp_path, "zh")) == []
    assert counted == ["en"]


def test_twins_of_other_code_are_run_each(project, tmp_path, counted):
    project(GOOD, GOOD_ZH.replace("3.14159  #", "3.14158 #"))
    for language in ("en", "zh"):
        problems_of(subject(tmp_path, language))
    assert sorted(counted) == ["en", "zh"]


def test_an_expression_that_only_one_twin_has_is_evaluated_in_the_shared_run(
    project, tmp_path, counted
):
    project(GOOD.replace("<!--= total-->", "<!--= total + 0-->"))
    found = problems_of(subject(tmp_path, "en")) + problems_of(subject(tmp_path, "zh"))
    assert counted == ["en"]
    assert {each.split(": ")[0].split()[1] for each in found} == {"twins"}


def test_a_run_is_kept_once_a_second_one_has_given_the_same(project, tmp_path, counted):
    project()
    for _ in range(4):
        assert problems_of(anew(tmp_path)) == []
    assert len(counted) == 2


def test_a_page_that_is_not_seeded_is_never_kept(project, tmp_path, counted):
    project(UNSEEDED, None)
    for _ in range(4):
        page = anew(tmp_path)
        shown = page.recording.blocks[0].output
        text = page.page.text.split("\n<!--")[0].rstrip() + (
            f"\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\n{shown}```\n"
        )
        page.file.write_text(text, encoding="utf-8")
        assert any(" outputs: " in each for each in problems_of(anew(tmp_path)))


def test_a_change_of_what_a_run_depends_on_runs_anew(
    project, tmp_path, counted, monkeypatch
):
    project()
    for _ in range(3):
        problems_of(anew(tmp_path))
    assert len(counted) == 2
    changes = [
        lambda: (
            (tmp_path / "src").mkdir() or (tmp_path / "src/a.py").write_text("x = 1")
        ),
        lambda: (tmp_path / "src/a.py").write_text("x = 2"),
        lambda: monkeypatch.setenv("OMP_NUM_THREADS", "3"),
        lambda: monkeypatch.setattr(runs.sys, "version", "4.0"),
        lambda: monkeypatch.setattr(runs, "installed", list),
        lambda: (tmp_path / "src/data.csv").write_text("1"),
        lambda: monkeypatch.setenv("TORCH_SHOW_CPP_STACKTRACES", "1"),
        lambda: project(GOOD.replace("3.14159\n", "3.141592\n"), GOOD_ZH),
    ]
    for number, change in enumerate(changes, 3):
        change()
        problems_of(anew(tmp_path))
        assert len(counted) == number


def test_prose_is_no_reason_to_run_anew(project, tmp_path, counted):
    project()
    for _ in range(3):
        problems_of(anew(tmp_path))
    project(GOOD.replace("The sum is 3.14", "The total is 3.15"))
    (problem,) = [p for p in problems_of(anew(tmp_path)) if " numbers: " in p]
    assert problem.endswith("3.15")
    assert len(counted) == 2


def test_nothing_is_kept_in_ci(project, tmp_path, counted, monkeypatch):
    monkeypatch.setenv("CI", "true")
    project()
    for _ in range(3):
        problems_of(anew(tmp_path))
    assert len(counted) == 3
    assert not (tmp_path / ".cache").exists()


@pytest.mark.parametrize(
    "block",
    [
        "```bash\ntrue\n```",
        "```python\nfrom pathlib import Path\n```",
        "```python\nimport os.path\n```",
        "```python\nx = open\n```",
    ],
)
def test_a_page_that_can_see_more_than_its_code_is_not_kept(
    project, tmp_path, counted, block
):
    text = f"# T {{ #t }}\n\n{block}\n"
    project(text, text.replace("# T", "# 题"))
    for _ in range(3):
        assert problems_of(anew(tmp_path)) == []
    assert len(counted) == 3


@pytest.mark.parametrize("content", ["", "{", "[]", '{"blocks": [{"x": 1}]}'])
def test_a_spoilt_file_of_a_kept_run_is_run_anew(project, tmp_path, counted, content):
    project()
    problems_of(anew(tmp_path))
    (file,) = (tmp_path / ".cache/pagecheck").iterdir()
    assert json.loads(file.read_text())["confirmed"] is False
    file.write_text(content)
    assert problems_of(anew(tmp_path)) == []
    assert len(counted) == 2


def test_a_run_that_fails_fails_for_all_who_wait_for_it(tmp_path, project, monkeypatch):
    config = project().config

    def fail(*args):
        raise OSError("no process")

    monkeypatch.setattr(runs, "run_page", fail)
    runs._runs.clear()
    for _ in range(2):
        with pytest.raises(OSError, match="no process"):
            recording_of(parse_page("x"), [], config)


@pytest.mark.parametrize("languages", [["en"], ["zh"], None])
def test_figures_are_drawn_in_the_languages_asked_for(project, tmp_path, languages):
    plot = "import matplotlib.pyplot as plt\n\nplt.plot([0, 1])\nplt.xlabel('step')\n"
    asked = replace(project(f"```python\n{plot}```\n", None), languages=languages)
    (figure,) = asked.recording.blocks[0].figures
    assert list(figure) == (languages or ["zh", "en"])


def test_how_threads_wait_is_no_reason_to_run_anew(monkeypatch):
    before = environment(None)
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    environment.cache_clear()
    assert environment(None) == before
