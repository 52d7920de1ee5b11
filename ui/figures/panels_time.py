"""When listening happens: calendar, clock, sessions, streaks, the year's round."""

from ui.figures.panel import Make

PANELS: dict[str, Make] = {}
