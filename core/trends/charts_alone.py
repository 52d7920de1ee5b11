"""What sources have in common that tell charts as they are now, and nothing else."""

from core.domain.trends import ChartKey, Extra, ExtraName, NotReady, Snapshot, Window


class ChartsAlone:
    """Keeps no whole weeks or months ready, and says nothing beside charts."""

    def whole(self) -> tuple[ChartKey, ...]:
        """Return nothing."""
        return ()

    def fetch_whole(self, key: ChartKey) -> Snapshot | NotReady:
        """Return that there is none."""
        return NotReady()

    def extras(self) -> tuple[tuple[ExtraName, Window], ...]:
        """Return nothing."""
        return ()

    def fetch_extra(self, name: ExtraName, window: Window) -> Extra | NotReady:
        """Return that there is none."""
        return NotReady()
