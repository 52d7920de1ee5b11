"""The one error tree: each message is for the person who sees it and says what to do next."""


class PlayprintError(Exception):
    """Anything a person should read as one sentence; everything else is a bug."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(PlayprintError):
    """A value a person typed or linked to cannot be used."""


class NotFound(PlayprintError):
    """There is no such thing, or it belongs to somebody else: both look the same."""


class Conflict(PlayprintError):
    """The thing exists already or is busy."""


class Unavailable(PlayprintError):
    """A server Playprint stands on cannot be reached or started."""


class ImportRejected(PlayprintError):
    """The whole upload is refused and nothing of it is stored.

    ``code`` is one of: ``empty-file``, ``bad-zip``, ``encrypted``, ``too-large``, ``too-many-files``,
    ``unknown-type``, ``no-history``, ``bad-json``, ``shape``, ``unsupported``, ``other-account``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ImportCancelled(PlayprintError):
    """The person cancelled the import; nothing of it is stored."""
