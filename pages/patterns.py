"""Patterns: when, how and where somebody listens."""

from ui import patterns
from ui.arranging import arrange, part_of
from ui.chips import chips
from ui.controls import personal_page

scene = personal_page("Patterns")
chips(scene, "patterns")
part = part_of(patterns.PARTS)
patterns.controls(part)
arrange(scene, "patterns", patterns.ROWS[part])
