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
TEXTS = {
    "en": PAGE.format(title="Sines", words="It is", alt="A line that rises to y"),
    "zh": PAGE.format(title="正弦", words="值是", alt="一条升到函数值的直线"),
}


def checked(file):
    load_config.cache_clear()
    return CheckedPage(file, load_config(file.parents[2]), keep=False)


@pytest.fixture
def lab(project, tmp_path):
    """A project with a recorded notebook in two languages; the English one."""
    project()
    files = {lang: tmp_path / "docs" / lang / "lab.ipynb" for lang in TEXTS}
    for language, file in files.items():
        file.write_text(to_notebook(TEXTS[language], {}), encoding="utf-8")
    for file in files.values():
        changes, problems = record_page(checked(file))
        assert problems == []
        write_changes(changes, tmp_path / "new")
    return files["en"]


def test_a_recorded_notebook_is_accepted_and_recording_changes_nothing(lab):
    for language in TEXTS:
        page = checked(lab.parents[1] / language / "lab.ipynb")
        assert problems_of(page) == []
        assert record_page(page) == ([], [])


def replaced(part, old, new):
    """Replace a text in the lines of a cell's part."""
    lines = [line.replace(old, new) for line in part]
    assert lines != part
    part[:] = lines


RESULT = {
    "output_type": "execute_result",
    "execution_count": 1,
    "data": {"text/plain": ["3"]},
    "metadata": {},
}
# What is changed together, by the rule that notices it.
CHANGES = [
    {
        "outputs": lambda c, n: replaced(c[1]["outputs"][0]["text"], "0.841", "0.842"),
        "numbers": lambda c, n: replaced(c[0]["source"], "0.84", "0.85"),
        "twins": lambda c, n: replaced(c[0]["source"], "<!--#t-->", ""),
        "notebooks": lambda c, n: c[1].update(execution_count=7),
    },
    {
        "outputs": lambda c, n: c[1]["outputs"].pop(0),
        "figures": lambda c, n: c[1]["metadata"].clear(),
        "notebooks": lambda c, n: c[1]["outputs"].append(RESULT),
    },
    {
        "figures": lambda c, n: c[1]["outputs"].pop(1),
        "notebooks": lambda c, n: c[1]["metadata"].update(tags=["skip"]),
    },
    {"notebooks": lambda c, n: n["metadata"]["language_info"].update(version="3")},
]


def test_a_change_is_noticed_by_its_rule_on_its_line(lab):
    recorded = lab.read_text(encoding="utf-8")
    for changes in CHANGES:
        notebook = json.loads(recorded)
        for change in changes.values():
            change(notebook["cells"], notebook)
        text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
        lab.write_text(text + "\n", encoding="utf-8")
        found = problems_of(checked(lab))
        assert {each.split(" ")[1] for each in found} >= {f"{r}:" for r in changes}
        if changes is CHANGES[0]:
            (line,) = [each.split(" ")[0] for each in found if " outputs:" in each]
            assert "0.842" in text.split("\n")[int(line) - 1]
