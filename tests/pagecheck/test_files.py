"""A page and its figures are read from files of their kind."""

from pathlib import Path

import pytest

from pagecheck.files import figure_file, read_page


def test_a_page_of_any_size_is_refused_before_it_is_read(tmp_path):
    for name in ("page.md", "page.ipynb"):
        with (tmp_path / name).open("wb") as content:
            content.truncate(1 << 30)
        (problem,) = read_page(tmp_path / name, Path(name)).problems
        assert (problem.line, problem.found) == (1, "a file of 1,073,741,824 bytes")
        assert "250,000 bytes at most" in problem.expected


def test_a_figure_is_an_svg_in_the_folder_of_figures(tmp_path):
    page, folder = tmp_path / "page.md", tmp_path / "figures"
    folder.mkdir()
    (folder / "link.svg").symlink_to(tmp_path / "secret.svg")
    assert figure_file(page, "figures/line.svg") == folder.resolve() / "line.svg"
    for target in (
        *("figures/../x.svg", "figures//x.svg", "line.svg", "figures/line.png"),
        *("/etc/x.svg", "C:/x.svg", "figures\\x.svg", "figures/a\0.svg", ""),
        "figures/link.svg",
    ):
        with pytest.raises(ValueError, match=r"is no|leads out"):
            figure_file(page, target)
