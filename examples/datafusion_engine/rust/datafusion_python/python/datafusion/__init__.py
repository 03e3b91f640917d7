"""The wheel's own package: datafusion._internal is its to use."""

from . import _internal
from ._internal import SessionConfig

__all__ = ["SessionConfig", "_internal"]
