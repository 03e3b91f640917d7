"""A burn-down as a chart in the terminal, an SVG picture, a page or JSON; one module for each."""
