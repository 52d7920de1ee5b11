"""Background tasks: one task, one service call."""
