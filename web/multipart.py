"""A multipart upload written to disk part by part; never more than one chunk of it is in memory."""

import os
import re
import unicodedata
from pathlib import Path
from typing import Protocol

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.domain.people import Refused

_LONGEST_FIELD = 1024
_FIELDS = frozenset({"csrf", "other_account"})


class _Gate(Protocol):
    """Decides before the first file whether anything may be stored."""

    def __call__(self, fields: dict[str, str]) -> None:
        """Raise ``Refused`` when the fields that came before the first file do not allow it."""


class Sink:
    """Takes the chunks of one multipart body and stores its files as ``folder/0``, ``folder/1`` ….

    ``files`` are the stored paths with the names people gave them, ``fields`` the small form fields that came
    before the first file, ``size`` the bytes stored.

    Raises:
        Refused: ``broken`` (not the multipart it says), ``too-large``, ``too-many``, or whatever ``gate`` raises.
    """

    def __init__(
        self,
        content_type: str,
        folder: Path,
        *,
        most_bytes: int,
        most_files: int,
        gate: _Gate,
        known: frozenset[str] = _FIELDS,
    ) -> None:
        """Store files in ``folder``; form fields other than the ``known`` ones are refused."""
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
            raise Refused("broken")
        self.fields: dict[str, str] = {}
        self.files: list[tuple[Path, str]] = []
        self.size = 0
        self._folder, self._gate, self._known = folder, gate, known
        self._most_bytes, self._most_files = most_bytes, most_files
        self._header, self._value, self._headers = b"", b"", dict[bytes, bytes]()
        self._open: int | None = None
        self._field: str | None = None
        self._text = b""
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._part_begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._part_data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk of the body."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise Refused("broken") from error

    def finish(self) -> None:
        """Check that the body was whole; raises ``Refused`` (``broken`` or ``no-file``)."""
        if not self._ended:
            raise Refused("broken")
        if not self.files:
            raise Refused("no-file")

    def close(self) -> None:
        """Close the file being written, if any."""
        if self._open is not None:
            os.close(self._open)
            self._open = None

    def _part_begin(self) -> None:
        self._headers, self._field, self._text = {}, None, b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _headers_finished(self) -> None:
        """Open a file for a part with a file name, else take it as a field; unknown fields are refused."""
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if name not in self._known:
                raise Refused("broken")
            self._field = name
        elif options[b"filename"]:
            self._begin_file(clean_label(options[b"filename"].decode("utf-8", "replace")))

    def _begin_file(self, label: str) -> None:
        if not self.files:
            self._gate(self.fields)
        if len(self.files) >= self._most_files:
            raise Refused("too-many")
        path = self._folder / str(len(self.files))
        self._open = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self.files.append((path, label))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._open is not None:
            self.size += end - start
            if self.size > self._most_bytes:
                raise Refused("too-large")
            rest = memoryview(data)[start:end]
            while rest:
                rest = rest[os.write(self._open, rest) :]
        elif self._field is not None:
            self._text += data[start:end]
            if len(self._text) > _LONGEST_FIELD:
                raise Refused("broken")

    def _part_end(self) -> None:
        if self._field is not None:
            self.fields[self._field] = self._text.decode("utf-8", "replace")
        self.close()

    def _end(self) -> None:
        self._ended = True


def clean_label(name: str) -> str:
    """Return a file name as a label: its last part alone, without control characters, 120 characters at most."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if c.isprintable()).strip()[-120:]
    return shown or "file"
