"""The checked project as files: which there are, what they are called, what each one says."""
