"""Plans what depends on what."""

__version__ = "0.3.0a1"
