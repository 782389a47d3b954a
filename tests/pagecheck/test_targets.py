"""What a page names stays in its folder."""

import pytest

from pagecheck.targets import TargetError, figure_file, inside

OUTSIDE = ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "C:/secret.txt", ""]
OUTSIDE += ["..\\secret.txt", "a\0.svg", "../docs-en/page.md", "link/secret.txt"]


def test_a_target_inside_is_resolved_and_one_that_leads_out_is_an_error(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "link").symlink_to(tmp_path)
    for target in ("a.svg", "a/b.svg", "a/../b.svg", "./a.svg"):
        assert inside(docs, target) == (docs / target).resolve()
    for target in OUTSIDE:
        with pytest.raises(TargetError, match=r"leads out of|is no path"):
            inside(docs, target)


def test_a_figure_is_an_svg_in_the_folder_of_figures(tmp_path):
    page = tmp_path / "page.md"
    line = (tmp_path / "figures" / "line.svg").resolve()
    assert figure_file(page, "figures/line.svg") == line
    for target in (
        "figures/../x.svg",
        "figures//x.svg",
        "line.svg",
        "figures/line.png",
    ):
        with pytest.raises(TargetError):
            figure_file(page, target)
