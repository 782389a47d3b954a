"""The home page says what the tests compare, and with which torch, if with any."""

from pathlib import Path
from types import SimpleNamespace

import home
import pytest


@pytest.mark.parametrize(
    ("language", "versions", "label"),
    [
        ("en", {"torch": "9.9.9"}, "What the tests compare, with torch 9.9.9"),
        ("en", {}, "What the tests compare"),
        ("zh", {"torch": "9.9.9"}, "测试核对了什么（torch 9.9.9）"),
        ("zh", {}, "测试核对了什么"),
    ],
)
def test_the_counts_name_the_torch_that_is_there(
    monkeypatch, language, versions, label
):
    monkeypatch.setattr(home, "versions", lambda config: versions)
    target = SimpleNamespace(url_relative_to=lambda file: "about/verification/")
    files = SimpleNamespace(
        get_file_from_path=lambda path: target, documentation_pages=lambda: []
    )
    root = str(Path(__file__).parents[2] / "mkdocs.yml")
    config = SimpleNamespace(theme={"language": language}, config_file_path=root)
    page = SimpleNamespace(is_homepage=True, file=None)
    html = home.on_page_content("<p>Words.</p>", page, config, files)
    assert f'<p>Words.</p>\n<ul class="facts" aria-label="{label}">' in html
