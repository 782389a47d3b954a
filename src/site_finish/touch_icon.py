"""The site's icon for a phone's home screen, where no SVG is shown.

It is drawn from the icon that browsers show, to its edges: the phone rounds them.
"""

from pathlib import Path
from xml.etree import ElementTree

from site_finish.kept import write_kept
from site_finish.preview import as_png
from site_finish.settings import ROOT

FILE = "assets/touch-icon.png"
SIZE = 180
"""Width and height, as phones ask for."""
ICON = ROOT / "theme" / "assets" / "favicon.svg"
SVG = "{http://www.w3.org/2000/svg}"


def write(file: Path) -> None:
    """Write the icon."""
    write_kept(file, "touch-icon", [ICON.read_text("utf-8")], draw)


def draw() -> bytes:
    """Return the icon as a PNG."""
    # Imported where it is drawn, which is seldom.
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    icon = ElementTree.parse(ICON).getroot()
    side = float(icon.attrib["viewBox"].split()[2])
    ground = icon.find(f"{SVG}rect")
    lines = icon.find(f"{SVG}g")
    assert ground is not None
    assert lines is not None
    dots = 100
    figure = Figure((SIZE / dots, SIZE / dots), dots, facecolor=ground.attrib["fill"])
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.set(xlim=(0, side), ylim=(side, 0))
    for line in lines:
        pen = RecordingPen()
        parse_path(line.attrib["d"], pen)
        points = [places[0] for _, places in pen.value if places]
        axes.plot(
            *zip(*points, strict=True),
            color=lines.attrib["stroke"],
            alpha=float(line.get("opacity", 1)),
            linewidth=float(line.attrib["stroke-width"]) * SIZE / side * 72 / dots,
            solid_capstyle="round",
            solid_joinstyle="round",
        )
    return as_png(figure)
