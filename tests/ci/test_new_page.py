"""`make new-page` lays down twins that hold from the first minute, or nothing."""

import shutil
import subprocess
import sys

import pytest

from .scripts import ROOT, script

new_page = script("new_page").new_page
SETTINGS = ("mkdocs.yml", "mkdocs.en.yml")
# Not the name that CONTRIBUTING gives as an example: somebody may have taken it.
NEW = "recipes/of-no-project"


@pytest.fixture
def project(tmp_path):
    """This project's settings, with the folders of its pages still empty."""
    for name in (*SETTINGS, "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("docs/zh", "docs/en", "src/torch_recipes"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "docs/figure-texts.toml").touch()
    return tmp_path


def test_a_new_page_is_true_in_both_languages(project):
    new_page(project, NEW)
    pages = [f"docs/zh/{NEW}.md", f"docs/en/{NEW}.md"]
    for command in ("check", "record"):
        done = subprocess.run(
            [sys.executable, "-m", "pagecheck", command, *pages],
            cwd=project,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert ": [" not in done.stdout
    assert done.stdout == "0 files would change; --write writes them, 0 problems\n"


@pytest.mark.parametrize(
    ("settings", "entry"),
    [
        (SETTINGS[0], f"新的一页：Of no project: {NEW}.md"),
        (SETTINGS[1], f"Of no project: {NEW}.md"),
    ],
)
def test_it_stands_after_the_last_page_of_its_folder(project, settings, entry):
    before = (project / settings).read_text("utf-8").splitlines()
    new_page(project, NEW)
    after = (project / settings).read_text("utf-8").splitlines()
    place = after.index(f"      - {entry}")
    assert after[:place] + after[place + 1 :] == before
    assert ": recipes/" in after[place - 1]
    assert ": recipes/" not in after[place + 1]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("batch-size", "expected a folder and a name"),
        ("recipes/Batch", "expected a folder and a name"),
        ("recipes/batch-size.md", "without an ending"),
        ("recipes/../../batch", "expected a folder and a name"),
        ("recipes/-a", "expected a folder and a name"),
        ("poems/batch-size", r"no page in poems/.*further, labs, recipes, reference"),
        ("recipes/taken", r"docs/en/recipes/taken\.md exists"),
        ("labs/taken", r"docs/zh/labs/taken\.ipynb exists"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(
    project, name, error
):
    for file in ("docs/en/recipes/taken.md", "docs/zh/labs/taken.ipynb"):
        (project / file).parent.mkdir()
        (project / file).touch()
    before = {file: file.read_bytes() for file in project.rglob("*") if file.is_file()}
    with pytest.raises(ValueError, match=error):
        new_page(project, name)
    after = {file: file.read_bytes() for file in project.rglob("*") if file.is_file()}
    assert after == before


def test_without_a_name_it_says_what_to_type():
    command = [sys.executable, ROOT / ".ci/new_page.py"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert "make new-page NAME=recipes/batch-size" in done.stderr
