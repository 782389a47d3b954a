"""A notebook as the page that it is: read, written, its lines."""

import json
import re
from pathlib import Path

from pagecheck.config import load_config
from pagecheck.files import read_page
from pagecheck.notebook import page_of, to_notebook

LABS = [
    file for file in load_config(Path(__file__)).page_files() if file.suffix == ".ipynb"
]
PAGE = """---
description: A sum.
---

# Sums { #sums }

The total is 3<!--= total-->.

```python
total = 1 + 2
print(total)
```

<!--pytest-codeblocks:expected-output-->

```text
3
```

```python
draw(total)
```

![A bar of height 3](figures/sum.svg)<!--= total-->

<!--pytest.mark.xfail(raises=ValueError, strict=True)-->

```python
print("before")
raise ValueError
```

<!--pytest-codeblocks:expected-output-->

```text
before
ValueError
```
"""
SVG = "<svg>\n<path/>\n</svg>\n"
NOTEBOOK = to_notebook(PAGE, {"figures/sum.svg": SVG})
NAME = Path("sums.ipynb")


def changed(change) -> str:
    """The notebook as an editor would save it after a change."""
    notebook = json.loads(NOTEBOOK)
    change(notebook)
    return json.dumps(notebook)


def test_a_page_is_read_from_a_notebook_as_it_was_written_to_it():
    page = page_of(NOTEBOOK, NAME)
    assert page.problems == ()
    assert page.text == PAGE
    assert page.figures == {"figures/sum.svg": SVG}
    for text in (
        *("", "x\n", "# T\n\nx\n", "```python\nx = 1\n```\n"),
        "````python\nprint('''\n```\n''')\n````\n",
    ):
        written = to_notebook(text, {})
        assert page_of(written, NAME).text == text


def test_a_notebook_shows_nothing_that_only_a_page_can():
    prose, printing, drawing, *_, failing = json.loads(NOTEBOOK)["cells"][:5]
    assert prose["source"][0] == "# Sums <!--#sums-->\n"
    assert printing["outputs"][0]["text"] == ["3\n"]
    assert drawing["outputs"][0]["data"]["image/svg+xml"] == SVG.splitlines(True)
    printed, error = failing["outputs"]
    assert (printed["text"], error["traceback"]) == (["before\n"], ["ValueError"])


def test_places_are_lines_of_the_file():
    for indent in (1, 4):
        file = json.dumps(json.loads(NOTEBOOK), indent=indent).split("\n")
        page = page_of("\n".join(file), NAME)
        assert page.text == PAGE
        for number, line in page.lines:
            words = re.sub(
                r"^(```.*|---|<!--pytest-.*)$|description: | \{ #.*", "", line
            )
            assert json.dumps(words)[1:-1] in file[number - 1], line
        assert '"3\\n"' in file[page.blocks[0].output.line - 1]


OTHERS = {
    "JSONDecodeError": "",
    "TypeError": "[]",
    "KeyError": "{}",
    "RecursionError": "[" * 9_999 + "]" * 9_999,
    "the format 3": changed(lambda n: n.update(nbformat=3)),
    "with attachments": changed(lambda n: n["cells"][0].update(attachments={})),
    "AttributeError": changed(lambda n: n["cells"][0].update(source=[3])),
    "kind 'raw'": changed(lambda n: n["cells"][0].update(cell_type="raw")),
    "lines": changed(lambda n: n["metadata"].update(description="a\n---")),
    "'int' object": changed(lambda n: n["cells"][1]["metadata"].update(figure=3)),
}


def test_what_is_no_notebook_of_ours_is_refused():
    for found, content in OTHERS.items():
        (problem,) = page_of(content, NAME).problems
        assert found in problem.found
        assert str(problem).startswith("sums.ipynb:1: [page]")


def test_a_notebook_of_many_headings_is_read_in_time():
    text = "".join(f"## A {' ' * 99} {{ #a{i} }}\n\n" for i in range(3_000))
    page = page_of(to_notebook(text, {}), NAME)
    assert len(page.sections) == 3_001


def test_labs_are_notebooks_as_jupyter_writes_them():
    from nbformat import v4, validate  # takes seconds, which collecting need not

    assert {file.parts[-3] for file in LABS} == {"en", "zh"}
    for file in LABS:
        assert not read_page(file).problems
        content = file.read_text(encoding="utf-8")
        notebook = v4.reads(content)
        validate(notebook)
        assert v4.writes(notebook) + "\n" == content
