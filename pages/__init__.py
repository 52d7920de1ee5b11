"""One screen a file: controls, one service call per panel, figure."""
