"""A page with nothing on it: the floor every page is held against."""
