"""Python source to facts, through tree-sitter; nothing outside this folder sees a syntax node."""
