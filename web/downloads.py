"""Downloads: the listens of a selection as CSV or Parquet, and reconciliation sheets as JSON or CSV."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from io import BytesIO, StringIO
from typing import Literal

import polars as pl
import pyarrow as pa
from pyarrow import parquet
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.domain.errors import NotFound
from core.domain.imports import ImportRecord, Sheet
from core.domain.selection import parse_selection
from core.logs import logger
from core.services.limits import What
from web.requests import Parts, back, neighbourhood, session_of

_ROWS_AT_ONCE = 20_000
_VISITORS: dict[str, What] = {"download": "visitor-download", "picture": "visitor-picture"}
# A spreadsheet runs a cell that starts with one of these as a formula; a leading apostrophe makes it text.
_FORMULA = r"^([=+\-@\t\r])"
LOG = logger("downloads")


class Downloads:
    """What a person can take away; each route gives a person their own alone."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[BaseRoute]:
        """Return the routes; all take GET alone."""
        return [
            Route("/download/listens.{kind}", self.listens, methods=["GET"]),
            Route("/download/import/{import_id:int}.{kind}", self.sheet, methods=["GET"]),
        ]

    async def listens(self, request: Request) -> Response:
        """Return the selected listens; ``profile=demo`` gives the demo profile's, to anybody."""
        kind = request.path_params["kind"]
        if kind not in ("csv", "parquet"):
            return nothing()
        user_id = await whose(request, self._parts, "download")
        if user_id is None:
            return back("/sign-in", error="signed-out")
        found = await run_in_threadpool(self._selected, user_id, dict(request.query_params))
        if found is None:
            return nothing()
        table, label = found
        LOG.info("listens.downloaded", user_id=user_id, rows=table.num_rows, kind=kind)
        session = await session_of(request, self._parts)
        if session is not None and session.user_id == user_id:
            events = self._parts().events
            await run_in_threadpool(lambda: events.note(user_id, "downloaded", place=neighbourhood(request)))
        name = file_name("listens", label, kind)
        if kind == "csv":
            return StreamingResponse(
                as_csv(pl.DataFrame(table)), media_type="text/csv; charset=utf-8", headers=named(name)
            )
        body = await run_in_threadpool(_parquet, table)
        return Response(body, media_type="application/vnd.apache.parquet", headers=named(name))

    async def sheet(self, request: Request) -> Response:
        """Return the reconciliation sheet of one of the person's imports."""
        kind, import_id = request.path_params["kind"], request.path_params["import_id"]
        session = await session_of(request, self._parts)
        if session is None:
            return back("/sign-in", error="signed-out", next="/imports")
        if kind not in ("json", "csv") or import_id >= 2**63:
            return nothing()
        await run_in_threadpool(self._parts().limits.take, "download", session.user_id)
        importing = self._parts().importing
        try:
            record = await run_in_threadpool(lambda: importing.record(session.user_id, import_id=import_id))
        except NotFound:
            return nothing()
        if record.sheet is None:
            return nothing()
        name = named(f"import-{import_id}.{kind}")
        if kind == "json":
            return Response(sheet_json(record), media_type="application/json", headers=name)
        return Response(sheet_csv(record.sheet), media_type="text/csv; charset=utf-8", headers=name)

    def _selected(self, user_id: int, params: dict[str, str]) -> tuple[pa.Table, str] | None:
        """Return the listens a page's address selects and a word for them; None for an empty history."""
        parts = self._parts()
        lens = parts.profiles.lens(user_id)
        span = parts.listening.span(user_id, lens=lens)
        if span is None:
            return None
        selection = parse_selection(params, first=span[0], last=span[1])
        table = parts.listening.export(user_id, lens=lens, period=selection.shown, filters=selection.filters)
        return table, selection.range


async def whose(request: Request, parts: Parts, what: Literal["download", "picture"]) -> int | None:
    """Return whose listens are asked for: the demo profile's, or those of the person signed in.

    Counts the request for the person, or for the address of a visitor; raises ``SlowDown`` after too many.
    """
    playing, session = parts(), await session_of(request, parts)
    demo = request.query_params.get("profile") == "demo" and playing.settings.demo
    if session is None and not demo:
        return None
    if session:
        await run_in_threadpool(playing.limits.take, what, session.user_id)
    else:
        await run_in_threadpool(playing.limits.take, _VISITORS[what], neighbourhood(request))
    if demo:
        return await run_in_threadpool(playing.demo.user_id)
    return session.user_id if session else None


def nothing() -> Response:
    """Return the answer for what is not there, or belongs to somebody else: both look the same."""
    return PlainTextResponse("There is nothing here to download.", status_code=404)


def named(name: str) -> dict[str, str]:
    """Return the header that makes a browser save an answer under a name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def file_name(name: str, word: str, kind: str) -> str:
    """Return a file name of letters, digits and hyphens alone: ``timeline-2025.png``."""
    tail = re.sub(r"[^0-9A-Za-z]+", "-", word)[:40].strip("-")
    return f"{name}-{tail}.{kind}" if tail else f"{name}.{kind}"


def as_csv(frame: pl.DataFrame) -> Iterator[bytes]:
    """Yield a frame as UTF-8 CSV, some rows at a time; texts that a spreadsheet would run get an apostrophe."""
    texts = pl.col(pl.String).str.replace(_FORMULA, "'${1}")
    for start in range(0, max(frame.height, 1), _ROWS_AT_ONCE):
        part = frame[start : start + _ROWS_AT_ONCE].with_columns(texts)
        yield part.write_csv(include_header=start == 0).encode()


def _parquet(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    file = BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def sheet_json(record: ImportRecord) -> str:
    """Return an import with its sheet as JSON; moments are ISO 8601."""
    return json.dumps(asdict(record), default=_iso, ensure_ascii=False, indent=2)


def _iso(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(type(value).__name__)
    return value.isoformat()


def sheet_csv(sheet: Sheet) -> str:
    """Return a sheet as long CSV: ``part`` (total, reason, file, example), ``name``, ``field``, ``value``."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(("part", "name", "field", "value"))
    rows.writerows(_rows(sheet))
    return text.getvalue()


def _rows(sheet: Sheet) -> Iterator[tuple[str, str, str, object]]:
    """Yield the rows of ``sheet_csv``; names of files come from outside and are guarded like other texts."""
    for field in ("rows_read", "stored", "plays", "duplicates", "replaced", "unidentified", "errors"):
        yield "total", "", field, getattr(sheet, field)
    for reason, count in sheet.by_reason.items():
        yield "reason", reason, "rows", count
    for file in sheet.files:
        for field in ("format", "rows_read", "stored", "duplicates", "unidentified", "errors", "refused"):
            yield "file", _guarded(file.name), field, _guarded(str(getattr(file, field)))
    for example in sheet.examples:
        yield "example", _guarded(f"{example.file}:{example.row}"), example.reason, _guarded(example.detail)


def _guarded(text: str) -> str:
    return re.sub(_FORMULA, r"'\1", text)
