"""Taste: what the music is, how it changes, what was found, kept and forgotten."""

from ui import taste
from ui.arranging import arrange, part_of
from ui.chips import chips
from ui.controls import personal_page

scene = personal_page("Taste")
chips(scene, "taste")
part = part_of(taste.PARTS)
taste.controls(part)
arrange(scene, "taste", taste.ROWS[part])
