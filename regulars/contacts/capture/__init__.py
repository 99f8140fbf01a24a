"""The capture box: what a line of text says, of whom and when."""
