"""SyncPlay: watch videos together."""

__version__ = "1.0.0"
