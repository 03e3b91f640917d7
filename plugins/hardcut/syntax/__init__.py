"""One parse of a Python file: its bytes, the parser's stream, ranges and syntax errors."""
