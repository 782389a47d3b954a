"""Cuts from STIX Two Math a font of no more characters than are asked for.

The PyPI package `ziamath` ships the whole font, 1.5 MB. The same characters give the
same bytes.
"""

from __future__ import annotations

import io
import re
from importlib.metadata import distribution
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otTables import MathGlyphConstruction

from site_finish.settings import SiteError

COPYRIGHT, TRADEMARK, LICENCE = 0, 7, 13
"""Whose the font is and what is permitted, among the records of its name table."""

NAMES = [COPYRIGHT, 1, 2, 3, 4, 5, 6, TRADEMARK, LICENCE, 14]


def cut(characters: str) -> bytes:
    """Return a font of these characters, and of all that they grow into, as woff2."""
    font = whole_font()
    if missing := set(characters) - set(map(chr, font.getBestCmap())):
        raise SiteError(f"STIX Two Math has no {' '.join(sorted(missing))}")
    options = Options()
    options.drop_tables += ["DSIG", "GPOS"]
    options.hinting = False  # for screens of a kind long gone
    options.layout_features = ["ssty"]  # letters cut for subscripts and superscripts
    options.name_IDs = NAMES
    set_scripts_as_tex_does(font)
    draw_rules_one_pixel_thick(font)
    let_double_bars_grow_smoothly(font)
    make_roots_equally_wide(font)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def set_scripts_as_tex_does(font: TTFont) -> None:
    """Set the subscripts of x and y at one depth, the powers of a and b at one height.

    TeX moves scripts by how tall a base is only where that is more than a letter;
    browsers always do, by constants that STIX Two made for TeX's way.
    """
    constants = font["MATH"].table.MathConstants
    constants.SuperscriptBaselineDropMax.Value = 386  # as in TeX's own fonts
    constants.SubscriptBaselineDropMin.Value = 0


def draw_rules_one_pixel_thick(font: TTFont) -> None:
    """Draw the rules of fractions and roots all alike.

    As shipped they are 1.2 pixels where letters are 17 pixels tall, as on the site, and
    browsers round that to one here and to two there.
    """
    constants = font["MATH"].table.MathConstants
    constants.FractionRuleThickness.Value = 58
    constants.RadicalRuleThickness.Value = 58


def let_double_bars_grow_smoothly(font: TTFont) -> None:
    """Let the parts of a norm's bar overlap as those of a single bar do.

    As shipped, the next size is nearly twice as tall.
    """
    for part in growth(font, "‖").GlyphAssembly.PartRecords:
        part.StartConnectorLength = part.EndConnectorLength = 800


def make_roots_equally_wide(font: TTFont) -> None:
    """Make every size of the root sign as wide as the smallest.

    Chromium leaves room for the widest beside whichever it draws.
    """
    root = growth(font, "√")
    smallest, *others = [record.VariantGlyph for record in root.MathGlyphVariantRecord]
    width, _ = font["hmtx"][smallest]
    for name in [*others, *(part.glyph for part in root.GlyphAssembly.PartRecords)]:
        factor = width / font["hmtx"][name][0]
        glyph = font["glyf"][name]
        glyph.coordinates.scale((factor, 1))
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (width, glyph.xMin)


def growth(font: TTFont, character: str) -> MathGlyphConstruction:
    """Return what a character becomes where it has to be taller."""
    variants = font["MATH"].table.MathVariants
    index = variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord(character)])
    return variants.VertGlyphConstruction[index]


def licence() -> str:
    """Return the font's own notice and the licence that it is under, in full."""
    names = whole_font()["name"]
    notices = [names.getDebugName(n) for n in (COPYRIGHT, TRADEMARK, LICENCE)]
    # fontTools comes with fonts under the same licence.
    full_text = re.search(
        "^SIL OPEN FONT LICENSE Version 1.1.*?(?=^=====)",
        distribution("fonttools").read_text("licenses/LICENSE.external") or "",
        re.DOTALL | re.MULTILINE,
    )
    if full_text is None:
        raise SiteError("fontTools comes without the text of the SIL Open Font License")
    what = (
        "The font beside this file is a part of STIX Two Math, changed: it has the\n"
        "characters that the formulas of this site use and what they grow into, and\n"
        "sets scripts, roots and double bars as browsers need them."
    )
    return "\n\n".join([*notices, what, full_text[0]])


def whole_font() -> TTFont:
    """Return STIX Two Math as it is shipped, its date kept when it is saved."""
    font = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    content = Path(str(font)).read_bytes()
    return TTFont(io.BytesIO(content), recalcTimestamp=False)
