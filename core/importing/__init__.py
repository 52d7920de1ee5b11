"""A foreign file becomes columns of listens: reading, detecting, placing in time, reconciling."""
