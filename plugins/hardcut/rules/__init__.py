"""The rules: from facts and plan to findings. A rule is a Python file and a Markdown file of one name."""
