"""The manifest: its model, loading with located errors, and resolution to gates.

`load.load_plans` is the way in; `errors.ManifestError` is all they raise.
"""
