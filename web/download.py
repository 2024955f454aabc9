"""Files given out by their name, whatever its letters are; saved by the browser, never shown within a page of ours."""

import io

import flask


def answer(data: bytes, *, name: str, media_type: str, etag: str = "") -> flask.Response:
    """``name`` as UTF-8 for browsers of today and without foreign letters for all others (RFC 6266)."""
    return flask.send_file(
        io.BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name, etag=etag or False, max_age=0
    )
