"""Mistakes made on purpose: each is one change, made in a copy, and noticed."""

import json
import random
from pathlib import Path

import pytest

from pagecheck import __main__ as command
from pagecheck.config import ConfigError, load_config
from pagecheck.mutants import kinds, trials
from pagecheck.mutants.candidates import candidates, choose
from pagecheck.mutants.mutant import Edit, Mutant, Outcome
from pagecheck.mutants.outcome import summary
from pagecheck.mutants.trials import run_mutants
from pagecheck.notebook import to_notebook
from pagecheck.page import parse_page

from .conftest import GOOD, GOOD_ZH, markdown, subject

ROOT = Path(__file__).parents[2]

PAGE = """
# Title { #title }

## One { #one }

From 12 to 34, see [there](#one).

Half<!--= x--> of −3<!--= x--> or a half<!--= x--> of it.

| a | b |
| --- | --- |
| `a` | 1<!--= x--> |

- item

<!--pagecheck:formula x - 2-->

$$
y = x - 2
$$

```python
x = 3 + 4
ax.set(xlim=(0, 9))
print(x)
```

<!--pytest-codeblocks:expected-output-->

```text
7
```

![A curve of 5](figures/a.svg)
"""


COMMENTED = GOOD.replace("3.14159\n", "3.14159  # about pi or more\n", 1)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("a digit in prose", "1"),
        ("two numbers swapped", "12 to 34"),
        ("a token of a formula", "-"),
        ("a token of code", "+"),
        ("a digit in an output", "7"),
        ("a sign in prose", "−"),
        ("a quantity in words", "half"),
        ("two cells swapped", " `a` | 1<!--= x--> "),
        ("a digit in a table", "1"),
        ("a digit in an alt text", "5"),
        ("an axis limit in code", "9"),
        ("a list item left out", "- item"),
        ("a table row left out", "| `a` | 1<!--= x--> |"),
        ("a paragraph left out", "From 12 to 34, see [there](#one)."),
        ("an alt text left out", "A curve of 5"),
    ],
)
def test_each_kind_changes_what_it_says(kind, changed):
    page = parse_page(markdown(PAGE))
    changes = list(kinds.PAGE_KINDS[kind](page, random.Random(1)))
    assert any(old in (changed, changed[-1]) for _, old, _ in changes)
    for start, old, new in changes:
        assert page.text[start : start + len(old)] == old
        assert new != old


@pytest.mark.parametrize("kind", ["a heading's id", "a link's target"])
def test_each_letter_of_an_id_may_change(kind):
    page = parse_page(markdown(PAGE))
    for start, old, _ in kinds.PAGE_KINDS[kind](page, random.Random(1)):
        assert page.text[start] == old


def test_a_mutant_in_twins_changes_both_pages_alike(project, tmp_path):
    config = project().config
    found = candidates(config, seed=0)["a digit in prose, in twins"]
    for mutant in found:
        one, other = mutant.edits
        assert {one.file.parts[1], other.file.parts[1]} == {"en", "zh"}
        assert (one.old, one.new) == (other.old, other.new)
    assert found


def test_as_many_of_each_kind_are_chosen_as_can_be_and_the_seed_decides(project):
    found = candidates(project().config, seed=0)
    chosen = choose(found, 12, seed=3)
    assert chosen == choose(found, 12, seed=3)
    assert chosen != choose(found, 12, seed=4)
    assert len(chosen) == len(set(map(str, chosen))) == 12


def test_every_mutant_of_a_true_page_is_caught_and_the_project_is_untouched(
    project, tmp_path
):
    config = project().config
    before = {file: file.read_bytes() for file in config.page_files()}
    chosen = choose(candidates(config, seed=0), 25, seed=0)
    outcomes = list(run_mutants(config, chosen))
    assert [str(each.mutant) for each in outcomes if not each.caught_by] == []
    assert {file: file.read_bytes() for file in config.page_files()} == before


def test_a_mutant_that_nothing_checks_survives_and_is_listed(project, monkeypatch):
    config = project(COMMENTED, GOOD_ZH).config
    found = candidates(config, seed=0)
    chosen = [found["a digit in prose, in twins"][0], found["a word of a comment"][0]]
    monkeypatch.setattr(trials.Subject, "checks", lambda self: iter(()))
    outcomes = list(run_mutants(config, chosen, workers=1))
    assert [outcome.caught_by for outcome in outcomes] == [None, None]
    content = summary(outcomes, seed=0)
    assert (content["applied"], content["caught"], content["harmless"]) == (1, 0, 1)
    assert content["survivors"] == [str(outcomes[0].mutant)]
    assert content["false alarms"] == []


def test_a_harmless_change_that_something_complains_of_is_a_false_alarm(project):
    (mutant,) = candidates(project(COMMENTED, GOOD_ZH).config, seed=0)[
        "a word of a comment"
    ]
    content = summary([Outcome(mutant, "page.md:3: run")], seed=0)
    assert (content["applied"], content["harmless"]) == (0, 1)
    assert content["false alarms"] == [f"{mutant}: page.md:3: run"]


def test_a_page_with_a_problem_is_refused_since_every_mutant_would_seem_caught(
    project, tmp_path
):
    config = project(GOOD.replace("3.14<", "3.15<"), GOOD_ZH).config
    chosen = choose(candidates(config, seed=0), 3, seed=0)
    with pytest.raises(ConfigError, match="mend the pages first"):
        list(run_mutants(config, chosen))
    assert subject(tmp_path).page.problems == ()


def test_code_that_runs_to_a_wrong_output_is_run_no_further(project, tmp_path):
    block = "```python\nimport time\n\ntime.sleep(60)\n```\n"
    config = project().config
    mutants = candidates(config, seed=0)["a token of code, in twins"]
    assert mutants
    shared = trials._Shared(subject(tmp_path).page, subject(tmp_path).recording)
    with trials._made(config.root, mutants[0]):
        page = (config.root / "docs/en/page.md").read_text(encoding="utf-8")
        (config.root / "docs/en/page.md").write_text(page + "\n" + block, "utf-8")
        trial = trials._Trial(subject(tmp_path).file, config, shared=shared)
        assert [each.not_reached for each in trial.recording.blocks] == [False, True]


@pytest.mark.xdist_group("recipes/activation-shapes.md")
def test_a_sample_of_mistakes_on_the_real_pages_is_noticed():
    """A seeded sample of every kind; `make mutants` makes many more, over all pages."""
    load_config.cache_clear()
    config = load_config(ROOT)
    found = {
        kind: [m for m in each if "activation-shapes" in str(m.edits[0].file)]
        for kind, each in candidates(config, seed=0).items()
    }
    chosen = choose(found, 30, seed=0)
    content = summary(list(run_mutants(config, chosen, workers=1)), seed=0)
    assert content["applied"] + content["harmless"] == 30
    assert (content["survivors"], content["false alarms"]) == ([], [])


LAB = """
# {title} {{ #t }}

```python
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(3, 2), layout="constrained")
ax.plot([0, 1, 2], [0, 1, 4])
ax.set(xlabel="step", ylabel="loss")
```

![{alt}](figures/lab.svg)
"""


def test_a_figure_in_a_notebook_is_changed_there_and_noticed(
    project, tmp_path, monkeypatch
):
    project()
    for language, title, alt in (
        ("en", "Lab", "A line that rises faster and faster"),
        ("zh", "实验", "一条越升越快的曲线，横轴是步"),
    ):
        lab = to_notebook(markdown(LAB).format(title=title, alt=alt), {})
        (tmp_path / f"docs/{language}/lab.ipynb").write_text(lab, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    load_config.cache_clear()
    assert command.main(["record", "--write", "docs/en/lab.ipynb"]) == 0
    config = load_config(tmp_path)
    found = candidates(config, seed=0)
    chosen = [found[kind][place] for kind in kinds.FIGURE_KINDS for place in (0, -1)]
    for each in chosen:
        assert each.edits[0].figure == "figures/lab.svg"
        assert "lab.ipynb figures/lab.svg:" in str(each)
    outcomes = list(run_mutants(config, chosen, workers=1))
    assert all(str(each.caught_by).endswith(": figures") for each in outcomes), outcomes


@pytest.mark.parametrize(
    ("survivors", "alarms", "code"), [([], [], 0), (["x"], [], 3), ([], ["y"], 3)]
)
def test_the_command_fails_with_a_code_of_its_own_once_it_has_written(
    project, tmp_path, monkeypatch, capsys, survivors, alarms, code
):
    project()
    monkeypatch.chdir(tmp_path)
    content = {"survivors": survivors, "false alarms": alarms}
    monkeypatch.setattr(command, "run_mutants", lambda config, chosen: iter(()))
    monkeypatch.setattr(command, "summary", lambda outcomes, seed: content)
    load_config.cache_clear()
    assert command.main(["mutants", "--write", "outcome.json"]) == code
    assert json.loads((tmp_path / "outcome.json").read_text("utf-8")) == content
    said = capsys.readouterr().err
    numbers = f"{len(survivors)} mistakes were not noticed, {len(alarms)} harmless"
    assert (numbers in said) == bool(code)


def test_a_notebook_is_changed_as_the_page_that_it_is():
    path = Path("x.ipynb")
    mutant = Mutant("a kind", 1, (Edit(path, 2, "T", "U"),))
    changed = trials._changed(to_notebook("# T { #t }\n", {}), mutant, path)
    assert changed == to_notebook("# U { #t }\n", {})
