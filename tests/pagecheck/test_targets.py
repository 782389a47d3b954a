"""A figure stays in its folder."""

import pytest

from pagecheck.targets import TargetError, figure_file


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
        with pytest.raises(TargetError):
            figure_file(page, target)
