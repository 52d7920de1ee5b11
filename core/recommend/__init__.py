"""Recommendations as arithmetic: models on matrices, lists from one's own history, and how good they are."""
