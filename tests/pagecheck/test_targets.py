import pytest

from pagecheck.targets import TargetError, figure_file, inside


@pytest.mark.parametrize("target", ["a.svg", "a/b.svg", "a/../b.svg", "./a.svg"])
def test_a_target_inside_is_resolved(tmp_path, target):
    assert inside(tmp_path, target) == (tmp_path / target).resolve()


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("../secret.txt", "leads out of"),
        ("a/../../secret.txt", "leads out of"),
        ("/etc/passwd", "absolute"),
        ("C:/secret.txt", "absolute"),
        ("C:secret.txt", "absolute"),
        ("..\\secret.txt", "is no path"),
        ("a\0.svg", "is no path"),
        ("", "is no path"),
    ],
)
def test_a_target_that_leads_out_is_an_error(tmp_path, target, why):
    with pytest.raises(TargetError, match=why):
        inside(tmp_path / "docs", target)


def test_a_link_does_not_lead_out(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (docs / "figures").symlink_to(tmp_path)
    with pytest.raises(TargetError, match=r"leads out of .*secret\.txt"):
        inside(docs, "figures/secret.txt")


def test_a_folder_beside_with_the_same_beginning_is_outside(tmp_path):
    with pytest.raises(TargetError, match="leads out of"):
        inside(tmp_path / "docs", "../docs-en/page.md")


def test_a_figure_is_an_svg_in_the_folder_of_figures(tmp_path):
    page = tmp_path / "page.md"
    line = (tmp_path / "figures" / "line.svg").resolve()
    assert figure_file(page, "figures/line.svg") == line


@pytest.mark.parametrize(
    "target",
    [
        "figures/../page.md",
        "figures/../../x.svg",
        "figures//etc/x.svg",
        "assets/js/site.js",
        "line.svg",
        "figures/line.png",
        "https://example.org/line.svg",
    ],
)
def test_what_is_no_figure_of_the_page_is_an_error(tmp_path, target):
    with pytest.raises(TargetError):
        figure_file(tmp_path / "page.md", target)
