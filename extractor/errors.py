"""The errors of the package: one family, each says which file, row or offset is at fault."""

__all__ = ["DataError", "ExtractorError", "InputError", "ModelError", "OutputError"]


class ExtractorError(Exception):
    """Base of everything this package raises on purpose."""


class InputError(ExtractorError):
    """A document or an argument cannot be read.

    Attributes:
        code: Short stable name of the reason, e.g. ``"binary"``; batch reports count by it.
    """

    def __init__(self, message: str, code: str = "bad-input") -> None:
        super().__init__(message)
        self.code = code


class DataError(ExtractorError):
    """A table in ``extractor/data`` is not valid; the message names file and row."""


class ModelError(ExtractorError):
    """The base model asked for cannot be loaded."""


class OutputError(ExtractorError):
    """A result cannot be written."""
