"""What `make bench` measures, each against a floor of the same run."""
