"""The words of listening: values and errors, standard library only."""
