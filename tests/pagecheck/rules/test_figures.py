"""Rule 5: what a figure shows is what its block draws."""

import pytest

from pagecheck.record import record_page, write_changes

from ..conftest import checked_page, problems_of

PAGE = """
# T {{ #t }}

```python
import matplotlib.pyplot as plt

fig, ax = plt.subplots(layout="constrained")
ax.plot([0, 1, 2], [1.0, {y}, 0.5])
ax.set_xlabel("{label}")
```

![A loss](figures/{name}.svg)
"""


def page(y=0.5, label="step", name="loss"):
    return PAGE.format(y=y, label=label, name=name)


@pytest.fixture
def recorded(project, tmp_path):
    """A project whose figure has been recorded in both languages."""
    project(page(), page().replace("# T", "# 题"))
    for language in ("en", "zh"):
        changes, problems = record_page(checked_page(tmp_path, language))
        assert problems == []
        write_changes(changes, tmp_path / "new")
    return tmp_path


def figures(found):
    return [each for each in found if " figures: " in each]


def test_a_recorded_figure_is_accepted_in_both_languages(recorded):
    assert figures(problems_of(checked_page(recorded, "en"))) == []
    assert figures(problems_of(checked_page(recorded, "zh"))) == []


def test_a_figure_s_texts_are_in_the_page_s_language(recorded):
    english = (recorded / "docs/en/figures/loss.svg").read_text(encoding="utf-8")
    chinese = (recorded / "docs/zh/figures/loss.svg").read_text(encoding="utf-8")
    assert "step" in english
    assert "step" not in chinese
    assert "步" in chinese


@pytest.mark.parametrize("change", [{"y": 0.52}, {"label": "loss"}])
def test_a_figure_of_other_data_or_text_is_rejected(recorded, change):
    (recorded / "docs/en/page.md").write_text(page(**change).lstrip(), encoding="utf-8")
    found = figures(problems_of(checked_page(recorded)))
    assert found
    assert "figures/loss.svg as the block draws it" in found[0]
    sheet = recorded / found[0].rpartition("see both in ")[2]
    shown = recorded / "docs/en/figures/loss.svg"
    assert sheet.with_name("en-page-loss-shown.svg").read_text() == shown.read_text()
    assert "-drawn.svg" in sheet.read_text()


@pytest.mark.parametrize("content", ["", "not an svg", "<svg", "\x00"])
def test_a_corrupt_figure_is_rejected(recorded, content):
    (recorded / "docs/en/figures/loss.svg").write_text(content, encoding="utf-8")
    assert figures(problems_of(checked_page(recorded)))


def test_a_truncated_figure_is_rejected(recorded):
    file = recorded / "docs/en/figures/loss.svg"
    file.write_bytes(file.read_bytes()[:-200])
    assert figures(problems_of(checked_page(recorded)))


@pytest.mark.parametrize("name", ["../../x", "../loss", "/loss", "Loss", "a/../loss"])
def test_a_figure_anywhere_but_beside_its_page_is_neither_read_nor_written(
    project, tmp_path, name
):
    elsewhere = page(name=name)
    (found,) = figures(problems_of(project(elsewhere, elsewhere)))
    assert "a figure's file to be figures/NAME.svg" in found
    changes, problems = record_page(checked_page(tmp_path))
    assert [each.file for each in changes if each.file.suffix == ".svg"] == []
    assert problems


def test_a_figure_behind_a_link_is_refused(recorded):
    file = recorded / "docs/en/figures/loss.svg"
    file.rename(recorded / "loss.svg")
    file.symlink_to(recorded / "loss.svg")
    (found,) = figures(problems_of(checked_page(recorded)))
    assert "a figure's file to be figures/NAME.svg" in found


def test_a_missing_figure_is_rejected_with_the_command_that_draws_it(project):
    (found,) = figures(problems_of(project(page(), page())))
    assert found == "11 figures: the file figures/loss.svg / no such file"


def test_a_figure_that_no_image_shows_is_rejected(project):
    text = page().replace("![A loss](figures/loss.svg)", "")
    (found,) = figures(problems_of(project(text, text)))
    assert "a figure left open and no image" in found


def test_an_image_without_a_figure_is_rejected(project):
    text = (
        page()
        .replace("fig, ax", "fig, ax")
        .replace('ax.set_xlabel("step")', "plt.close(fig)")
    )
    (found,) = figures(problems_of(project(text, text)))
    assert "the block leaves no figure open" in found


def test_two_figures_of_one_block_are_rejected(project):
    text = page().replace(
        "import matplotlib.pyplot as plt",
        "import matplotlib.pyplot as plt\n\nplt.subplots()",
    )
    (found,) = figures(problems_of(project(text, text)))
    assert "2 figures left open" in found


def test_an_untranslated_text_is_rejected_by_name(project, tmp_path):
    project(page(label="unheard of"), page(label="unheard of"))
    _, problems = record_page(checked_page(tmp_path, "zh"))
    assert "unheard of" in problems[0].found


def test_an_image_that_no_block_draws_must_exist(project):
    text = "# T { #t }\n\nSee ![a picture](picture.svg).\n"
    (found,) = figures(problems_of(project(text, text.replace("See", "请看"))))
    assert found.startswith("3 figures: the image picture.svg / no such file")
