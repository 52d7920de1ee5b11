"""Numbers in sentences."""


def counted(count: int, one: str, many: str) -> str:
    """Return a number with the words that agree with it: ``1 listen is``, ``1,200 listens are``."""
    return f"{count:,} {one if count == 1 else many}"
