"""Sessions.

Import from the submodules: datafusion_engine.session.config, datafusion_engine.session.features,
datafusion_engine.session.introspection, datafusion_engine.session.runtime.
"""
