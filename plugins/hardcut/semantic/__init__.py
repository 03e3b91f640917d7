"""What one file of Python says about its names: scopes, bindings, imports and accesses."""
