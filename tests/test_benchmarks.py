"""What the benchmarks give each tool, and what they say of what it took and made.

Nothing is timed here, and no other tool runs.
"""

import json
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from benchmarks import outcome, pages
from benchmarks.__main__ import MISTAKES, RECORD, STAGES, TOOLS
from benchmarks.environments import requirements_of, versions_of
from benchmarks.ours import CHECKED, OURS
from benchmarks.pages import EIGHT, Source, read_pages
from benchmarks.peers import (
    PEERS,
    markdown_exec,
    mkdocs_jupyter,
    myst_nb,
    sphinx_gallery,
)
from benchmarks.restructured import as_restructured
from benchmarks.scaling import FIRST, TIMES, made_pages
from benchmarks.usage import measure

from pagecheck.checked import CheckedPage
from pagecheck.config import load_config
from pagecheck.rules import checks_of

PAGE = Source(
    "a/small",
    """---
description: A small page.
---

# Small { #small }

Five is 5<!--= five-->, as [below](#fails), [there](big.md#x) and in $a_1$.

<!--pagecheck:formula five-->

$$
2 + 3
$$

<details markdown>
<summary>Drawing code</summary>

```python
import matplotlib.pyplot as plt

five = 2 + 3
plt.plot([0, five])
print(five)
```

<!--pytest-codeblocks:expected-output-->

```text
5
```

</details>

![A line](figures/line.svg)

## It fails { #fails }

<!--pytest.mark.xfail(raises=ZeroDivisionError, strict=True)-->

```python
five / 0
```

<!--pytest-codeblocks:expected-output-->

```text
ZeroDivisionError: division by zero
```
""",
)
DIRECTIVES = ("<!--", "pagecheck", "{ #")


def test_a_page_becomes_a_notebook_whose_failing_cell_may_fail(tmp_path):
    mkdocs_jupyter.write_page(tmp_path, PAGE)
    notebook = json.loads((tmp_path / "docs" / "a" / "small.ipynb").read_text("utf-8"))
    prose, drawing, second, failing = notebook["cells"]
    assert [cell["cell_type"] for cell in notebook["cells"]] == [
        "markdown",
        "code",
        "markdown",
        "code",
    ]
    assert "".join(prose["source"]) == (
        "# Small\n\nFive is 5, as below, [there](big.ipynb) and in $a_1$.\n\n"
        "$$\n2 + 3\n$$\n\n**Drawing code**"
    )
    assert drawing["source"][-1] == "print(five)"
    assert drawing["outputs"] == []
    assert second["source"] == ["## It fails"]
    assert failing["metadata"] == {"tags": ["raises-exception"]}


def test_a_page_becomes_a_text_of_myst_whose_cells_are_executed():
    text = myst_nb.as_myst(PAGE)
    assert text.startswith("---\nfile_format: mystnb\n")
    assert "```{code-cell} python\nimport matplotlib.pyplot as plt\n" in text
    assert "```{code-cell} python\n:tags: [raises-exception]\nfive / 0\n```" in text
    assert "[there](big.md)" in text
    assert "5\n```\n\n</details>" not in text
    assert not any(each in text for each in DIRECTIVES)


def test_a_page_becomes_a_script_whose_comments_are_restructured_text():
    script = sphinx_gallery.as_script(PAGE)
    assert script.startswith('r"""\nSmall\n=====\n\nFive is 5, as below, there')
    assert "in :math:`a_1`\\ ." in script
    assert ".. math::\n\n   2 + 3\n" in script
    assert "\n# %%\n# It fails\n# --------\n" in script
    assert "try:\n    five / 0\nexcept ZeroDivisionError as error:\n" in script
    compile(script, "small.py", "exec")


def test_a_page_becomes_fences_that_run_and_show_the_figure_behind_the_fold():
    text = markdown_exec.as_executed(PAGE)
    fences = [line for line in text.splitlines() if line.startswith("```python")]
    assert [' html="on"' in fence for fence in fences] == [False, True, False]
    assert all('exec="on" session="a/small"' in fence for fence in fences)
    assert text.count("</details>") == text.count("<details") == 1
    assert text.index("print(five)") < text.index("</details>") < text.index("savefig")
    assert "# Small { #small }" in text
    assert "line.svg" not in text
    assert "<!--" not in text


def test_markup_that_touches_a_word_is_set_apart_in_restructured_text():
    markdown = "A `f(x)`-like **bold `code`**, [a *link*](https://x.org/a_b).\n"
    assert as_restructured(markdown) == (
        "A ``f(x)``\\ -like **bold code**\\ , `a link <https://x.org/a_b>`__\\ .\n\n"
    )


def test_lists_and_tables_become_those_of_restructured_text():
    markdown = "3. one\n4. two\n   - deep\n\n| a | b |\n| - | - |\n| 1 | `|` |\n"
    text = as_restructured(markdown.replace("`|`", "x_"))
    assert text.startswith("3. one\n\n4. two\n\n   - deep\n\n")
    assert "   * - a\n     - b\n   * - 1\n     - x\\_\n" in text


def test_a_link_to_a_page_that_is_not_built_gives_way_to_its_text():
    kept, left = read_pages(["xor/walk-through", "xor/training"])
    assert "](training.md" in kept.text
    assert "](../" not in kept.text + left.text
    assert "](https://" in "".join(page.text for page in read_pages(EIGHT))


def test_a_link_in_code_stays():
    text = "`[a](b.md)` [c](d.md)\n\n```text\n[e](f.md)\n```\n"
    expected = "`[a](b.md)` c\n\n```text\n[e](f.md)\n```\n"
    assert pages.with_links(text, lambda _: None) == expected


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (STAGES["prose edit"], "This sentence was added."),
        (STAGES["code edit"], "edited = True"),
        (MISTAKES["a wrong number"], "Five is 6<!--= five-->, as"),
        (MISTAKES["code that fails"], "1 / 0"),
    ],
)
def test_an_edit_changes_one_line_of_a_page(edit, line):
    edited = edit(PAGE).text.splitlines()
    new = [each for each in edited if each and each not in PAGE.text.splitlines()]
    assert len(new) == 1
    assert new[0].startswith(line)


def test_our_copy_has_its_pages_in_the_navigation_and_all_rules_but_the_twins(tmp_path):
    chosen = read_pages(["recipes/activation-shapes"])
    OURS.write(tmp_path / "project", chosen)
    project = tmp_path / "project"
    settings = (project / "mkdocs.en.yml").read_text("utf-8")
    nav = settings.partition("\nnav:\n")[2].partition("\n\n")[0]
    assert [line.rpartition(": ")[2] for line in nav.splitlines()] == [
        "index.md",
        "recipes/activation-shapes.md",
        "about/verification.md",
    ]
    config = load_config(project)
    assert config.off == ("twins",)
    assert len(config.page_files()) == 3
    page = project / "docs" / "en" / "recipes" / "activation-shapes.md"
    assert page.read_text("utf-8") == chosen[0].text
    figures = {file.name for file in (page.parent / "figures").iterdir()}
    assert "around-zero.svg" in figures


def test_the_pages_that_are_made_are_true_and_no_two_share_their_code(tmp_path):
    project = tmp_path / "project"
    made = made_pages(3)
    assert len({page.text.partition("```python")[2] for page in made}) == 3
    OURS.write(project, made[:1])
    config = load_config(project)
    checked = CheckedPage(project / f"docs/en/{made[0].name}.md", config, keep=False)
    checks = list(checks_of(checked))
    assert {"run", "numbers", "formulas", "claims"} <= {each.rule for each in checks}
    assert [p for check in checks for p in check.problems()] == []


def test_every_peer_has_exact_versions_and_none_brings_a_torch_of_its_own():
    for tool in PEERS:
        lines = requirements_of(tool).read_text("utf-8").split()
        assert all(line.count("==") == 1 for line in lines)
        assert not any(line.startswith(("torch", "numpy")) for line in lines)
        assert list(versions_of(tool)) == list(tool.told)


def test_a_page_weighs_what_it_names_and_not_what_another_host_has(tmp_path):
    (tmp_path / "s.css").write_text("a" * 1000)
    page = tmp_path / "p.html"
    page.write_text("<p>x</p>")
    alone, hosts = outcome.weight(page)
    assert hosts == set()
    page.write_text('<link rel="stylesheet" href="s.css?v=1"><p>x</p>')
    more, _ = outcome.weight(page)
    page.write_text('<script src="https://h.example/s.js"></script><p>x</p>')
    _, hosts = outcome.weight(page)
    assert alone < more
    assert hosts == {"h.example"}


def test_an_output_counts_once_as_shown_and_in_the_order_of_the_page(tmp_path):
    page = tmp_path / "p.html"
    page.write_text("<pre>a &lt; <b>b</b></pre><script>3</script><pre>1\n2</pre>")
    assert outcome.shown(page, ["a < b", "1 2"]) == 2
    assert outcome.shown(page, ["1 2", "a < b"]) == 1
    assert outcome.shown(page, ["a < b", "a < b", "3"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_what_a_command_starts_is_counted_even_when_it_is_left_behind(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    leave = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    )
    folder = tmp_path / "here"
    folder.mkdir()
    commands = (
        [sys.executable, "-c", leave],
        [sys.executable, "-c", "print(7); exit(3)"],
    )
    # In a process of its own, whose children measuring may end.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        usage, failed = (
            pool.submit(measure, command, folder, dict(os.environ)).result()
            for command in commands
        )
    assert usage.code == 0
    assert usage.cpu > 0.3
    assert usage.memory > 1_000_000
    assert (failed.code, failed.output) == (3, "7\n")


def test_the_record_has_every_tool_stage_and_page_and_all_were_built():
    record = json.loads(RECORD.read_text("utf-8"))
    assert list(record["tools"]) == [tool.name for tool in TOOLS]
    assert record["pages"] == list(EIGHT)
    assert list(record["scaling"]) == [str(FIRST * times) for times in TIMES]
    for tool in record["tools"].values():
        assert list(tool["runs"]) == list(STAGES)
        assert {len(runs) for runs in tool["runs"].values()} == {len(record["load"])}
        assert not any(run["code"] for runs in tool["runs"].values() for run in runs)
        assert tool["pages built"] == len(EIGHT)
        assert list(tool["fails"]) == ["right", *MISTAKES]
    noticed = [n for n, t in record["tools"].items() if t["fails"]["a wrong number"]]
    assert noticed == [CHECKED.name]
