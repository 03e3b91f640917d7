"""Modules that exist without a `.py`: what the files of build systems declare."""
