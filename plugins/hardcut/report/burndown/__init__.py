"""A burn-down as a chart in the terminal, a picture, a page or JSON; one module for each."""
