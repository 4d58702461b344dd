#!/usr/bin/env python3
"""Make the font that internal/paper embeds, from WenQuanYi Micro Hei.

    python3 subset.py wqy-microhei.ttc ../../internal/paper/font/microhei.ttf.gz

The collection comes from Debian's package fonts-wqy-microhei (0.2.0-beta,
Apache-2.0); fontTools from python3-fonttools. The same input gives the same
bytes. What is kept: the 20,902 ideographs of the URO and their supplement in
the font, Latin, Greek, Cyrillic, kana, punctuation, full-width forms, figures
and signs; TrueType outlines without hinting and without layout tables, which
paper does not use. The ballot boxes, which the font lacks, are drawn here, and
the full-width parentheses move towards what they hold.
"""

import gzip
import io
import sys

from fontTools import subset
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection

KEEP = [
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x02BB, 0x02DD), (0x0370, 0x03FF),
    (0x0400, 0x045F), (0x1E00, 0x1EFF), (0x2010, 0x205E), (0x2070, 0x209F),
    (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x22FF), (0x2460, 0x24FF),
    (0x2500, 0x257F), (0x25A0, 0x26FF), (0x2701, 0x27BF), (0x3000, 0x30FF),
    (0x3200, 0x33FF), (0x4E00, 0x9FFF), (0xFE30, 0xFE4F), (0xFF01, 0xFF5E),
    (0xFFE0, 0xFFE6),
]
DROP = set(range(0x2028, 0x2030)) | {0x2060}  # separators and direction marks, never printed


def rect(pen, x0, y0, x1, y1, clockwise):
    points = [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]
    if not clockwise:
        points.reverse()
    pen.moveTo(points[0])
    for p in points[1:]:
        pen.lineTo(p)
    pen.closePath()


def bar(pen, x0, y0, x1, y1, w):
    """A diagonal bar from corner to corner, w wide along the x axis."""
    h = w // 2
    points = [(x0 - h, y0), (x1 - h, y1), (x1 + h, y1), (x0 + h, y0)]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1]))
    if area > 0:  # outlines run clockwise
        points.reverse()
    pen.moveTo(points[0])
    for p in points[1:]:
        pen.lineTo(p)
    pen.closePath()


def ballot(font, code, mark):
    """Add a ballot box: empty, with a tick, or with a cross."""
    glyphs = font["glyf"]
    cmap = font.getBestCmap()
    pen = TTGlyphPen(None)
    rect(pen, 250, -120, 1800, 1430, True)
    rect(pen, 370, 0, 1680, 1310, False)
    if mark == "tick":
        tick = font.getGlyphSet()[cmap[0x2713]]
        tick.draw(TransformPen(pen, (0.72, 0, 0, 0.72, 230, 130)))
    if mark == "cross":
        bar(pen, 560, 190, 1490, 1120, 190)
        bar(pen, 1490, 190, 560, 1120, 190)
    name = "uni%04X" % code
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    glyphs[name] = pen.glyph()
    font["hmtx"][name] = (2048, 250)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def shift(font, code, units):
    """Move a glyph in its square: the font's parentheses stand too far from what they hold."""
    name = font.getBestCmap()[code]
    glyph = font["glyf"][name]
    glyph.coordinates.translate((units, 0))
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (font["hmtx"][name][0], glyph.xMin)


def main(source, target):
    font = TTCollection(source).fonts[0]
    for code, mark in ((0x2610, ""), (0x2611, "tick"), (0x2612, "cross")):
        if code not in font.getBestCmap():
            ballot(font, code, mark)

    shift(font, 0xFF08, 200)
    shift(font, 0xFF09, -200)

    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "FFTM", "gasp", "vhea", "vmtx"]
    options.recalc_timestamp = False
    s = subset.Subsetter(options)
    s.populate(unicodes=[c for a, b in KEEP for c in range(a, b + 1) if c not in DROP])
    s.subset(font)
    font.recalcTimestamp = False

    raw = io.BytesIO()
    font.save(raw, reorderTables=True)
    with open(target, "wb") as f:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=f, mtime=0) as z:
            z.write(raw.getvalue())
    print("%d characters, %d bytes, %d gzipped" % (
        len(font.getBestCmap()), len(raw.getvalue()), f_size(target)))


def f_size(path):
    with open(path, "rb") as f:
        return len(f.read())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
