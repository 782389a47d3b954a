"""The labs in Jupyter itself: what a kernel gives is what the notebooks hold."""

from pathlib import Path

import pytest

from pagecheck.config import load_config

ROOT = Path(__file__).parents[1]
# Twins have the same code; one of them says it for both.
LABS = sorted((load_config(ROOT).pages["en"] / "labs").glob("*.ipynb"))


def outputs(notebook):
    """What each code cell printed, and how many figures or other things it showed."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        (
            "".join(o.text for o in cell.outputs if o.output_type == "stream"),
            [o.output_type for o in cell.outputs if o.output_type != "stream"],
        )
        for cell in cells
    ]


@pytest.mark.parametrize("file", LABS, ids=lambda file: file.stem)
@pytest.mark.filterwarnings("default")  # Jupyter's own
def test_a_lab_gives_in_jupyter_what_it_holds(file, monkeypatch):
    import nbformat  # takes seconds, which collecting need not
    from nbclient import NotebookClient

    monkeypatch.delenv("MPLBACKEND", raising=False)  # figures are shown, as for readers
    stored = nbformat.read(file, as_version=4)
    fresh = nbformat.from_dict(stored)
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    NotebookClient(fresh, timeout=120, kernel_name="python3").execute()
    assert outputs(fresh) == outputs(nbformat.read(file, as_version=4))
