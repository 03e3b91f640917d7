"""The manifest: its model, loading with located errors, and resolution to gates.

`load.load_plan` and `load.load_plans` are the way in; `errors.ManifestError` is all they raise.
"""
