"""Question answering over official reports, in Dutch and English; every answer is a slice of a document."""

__version__ = "0.1.0"
