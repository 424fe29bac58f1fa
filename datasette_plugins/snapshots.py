"""`/snapshot/solieu.sqlite`: the published snapshot itself, whole or from a byte on; its page and hash are `/snapshot`.

In: GET, with `Range` where a broken transfer is to go on. Out: the file in pieces, so that its size costs no memory.

    curl -C - -O http://127.0.0.1:8001/snapshot/solieu.sqlite && sha256sum solieu.sqlite
"""

import asyncio
import re
from typing import Any

from datasette import Response, hookimpl

from index.snapshot import FILE, snapshot, snapshot_path

PIECE = 256 * 1024
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})?")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(rf"^/snapshot/{re.escape(FILE)}$", snapshot_file)]


async def snapshot_file(datasette: Any, request: Any, send: Any) -> Response | None:
    """The file; 206 for a part of it, 304 where the reader has it, 416 for a part that it does not have."""

    def look(conn: Any) -> tuple[str, Any]:
        return snapshot(conn)["sha256"], open(snapshot_path(conn), "rb")

    digest, file = await datasette.get_database().execute_fn(look)
    with file:
        size = file.seek(0, 2)
        etag = f'"{digest}"'
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, max-age=300",
            "Content-Disposition": f'attachment; filename="{FILE}"',
            "Repr-Digest": f"sha-256=:{_base64(digest)}:",
        }
        kind = "application/vnd.sqlite3"
        if etag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
            return Response(b"", status=304, headers=headers, content_type=kind)
        wanted = RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
        if wanted is not None and request.headers.get("if-range", etag) != etag:
            wanted = None  # another state of the file: the whole of it
        first, last = (int(wanted[1]), min(int(wanted[2] or size), size - 1)) if wanted else (0, size - 1)
        if first > last:
            return Response(b"", status=416, headers={"Content-Range": f"bytes */{size}"}, content_type=kind)
        if wanted:
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        headers |= {"Content-Type": kind, "Content-Length": str(last - first + 1)}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 206 if wanted else 200, "headers": raw})
        file.seek(first)
        left = 0 if request.scope.get("head") else last - first + 1
        while left > 0:
            piece = await asyncio.to_thread(file.read, min(PIECE, left))
            if not piece:
                break
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    return None


def _base64(digest: str) -> str:
    """A hash as RFC 9530 writes it."""
    from base64 import b64encode

    return b64encode(bytes.fromhex(digest)).decode()
