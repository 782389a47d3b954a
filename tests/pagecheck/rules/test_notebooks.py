"""A notebook obeys the rules of pages, and is what recording writes."""

import json

import pytest

from pagecheck.checked import CheckedPage
from pagecheck.config import load_config
from pagecheck.notebook import to_notebook
from pagecheck.record import record_page, write_changes

from ..conftest import problems_of

PAGE = """# {title} {{ #t }}

{words} 0.84<!--= y-->.

```python
import matplotlib.pyplot as plt
import numpy as np

y = np.sin(1.0)
print(f"{{y:.3f}}")
fig, ax = plt.subplots(layout="constrained")
ax.plot([0, 1], [0, y], label="loss")
ax.legend()
```

![{alt}](figures/sine.svg)
"""
ENGLISH = PAGE.format(title="Sines", words="It is", alt="A line that rises to y")
CHINESE = PAGE.format(title="正弦", words="值是", alt="一条升到函数值的直线")


@pytest.fixture
def lab(project, tmp_path):
    """A project with a recorded notebook in two languages; the English one."""
    project()
    files = {lang: tmp_path / "docs" / lang / "lab.ipynb" for lang in ("en", "zh")}
    for language, text in (("en", ENGLISH), ("zh", CHINESE)):
        files[language].write_text(to_notebook(text, {}), encoding="utf-8")
    load_config.cache_clear()
    config = load_config(tmp_path)
    for file in files.values():
        changes, problems = record_page(CheckedPage(file, config, keep=False))
        assert problems == []
        write_changes(changes, tmp_path / "new")
    return files["en"]


def edit(lab, change):
    notebook = json.loads(lab.read_text(encoding="utf-8"))
    change(notebook["cells"], notebook)
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    lab.write_text(text, encoding="utf-8")


def found(lab):
    load_config.cache_clear()
    config = load_config(lab.parents[2])
    return problems_of(CheckedPage(lab, config, keep=False))


def replaced(part, old, new):
    """Replace a text in the lines of a cell's part."""
    lines = [line.replace(old, new) for line in part]
    assert lines != part
    part[:] = lines


def test_a_recorded_notebook_is_accepted_in_both_languages(lab):
    assert found(lab) == []
    assert found(lab.parents[1] / "zh" / "lab.ipynb") == []


def test_recording_again_changes_nothing(lab):
    config = load_config(lab.parents[2])
    assert record_page(CheckedPage(lab, config, keep=False)) == ([], [])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (
            lambda c, n: replaced(c[1]["outputs"][0]["text"], "0.841", "0.842"),
            "outputs",
        ),
        (lambda c, n: c[1].update(outputs=c[1]["outputs"][1:]), "outputs"),
        (lambda c, n: c[1].update(outputs=c[1]["outputs"][:1]), "figures"),
        (lambda c, n: replaced(c[1]["source"], "[0, y]", "[0.1, y]"), "figures"),
        (lambda c, n: replaced(c[1]["source"], "sin", "cos"), "outputs"),
        (lambda c, n: replaced(c[0]["source"], "0.84", "0.85"), "numbers"),
        (lambda c, n: replaced(c[0]["source"], "#t", "#u"), "twins"),
        (lambda c, n: replaced(c[0]["source"], "<!--#t-->", ""), "page"),
        (
            lambda c, n: c[1]["metadata"].update(figure="![](figures/sine.svg)"),
            "figures",
        ),
        (lambda c, n: c[1]["metadata"].clear(), "figures"),
        (lambda c, n: c[1].update(execution_count=7), "notebooks"),
        (lambda c, n: c[1]["metadata"].update(tags=["skip"]), "notebooks"),
        (lambda c, n: n["metadata"]["language_info"].update(version="3"), "notebooks"),
        (lambda c, n: c.append(c[0]), "twins"),
        (
            lambda c, n: c[1]["outputs"].append(
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "data": {"text/plain": ["3"]},
                    "metadata": {},
                }
            ),
            "notebooks",
        ),
    ],
)
def test_a_change_is_noticed_by_its_rule(lab, change, rule):
    edit(lab, change)
    assert any(f" {rule}" in each for each in found(lab)), found(lab)


def test_a_problem_names_the_line_of_the_file(lab):
    edit(lab, lambda c, n: replaced(c[1]["outputs"][0]["text"], "0.841", "0.842"))
    (problem,) = [each for each in found(lab) if " outputs: " in each]
    line = int(problem.split(" ")[0])
    assert "0.842" in lab.read_text(encoding="utf-8").split("\n")[line - 1]
