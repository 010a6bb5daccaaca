"""Bytes to text: by byte order mark, as UTF-8, in the character set that is told, or in a guessed one."""

import codecs

from index.errors import ReadError

_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
"""Preferred among guesses that are equally good: a short text fits several."""

_CHARACTER_SETS = (
    *(_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "iso8859_2"),
    *("koi8_r", "cp932", "euc_jp", "iso2022_jp", "gb18030", "big5", "cp949", "euc_kr"),
)
"""What the web used before UTF-8; the character sets of DOS and old Macs only mislead a guess."""

_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
"""What is meant by the names that pages and mails give, as browsers read them."""


def marked_encoding(data: bytes) -> str | None:
    """Return the encoding that a byte order mark tells, UTF-8's excepted."""
    return next((encoding for mark, encoding in _MARKED if data.startswith(mark)), None)


def decode(data: bytes, declared: str = "") -> str:
    """Return the text of `data`; `declared` is the character set that it is said to have.

    A byte order mark goes before it, and so does UTF-8 where the bytes are that.

    Raises:
        ReadError: it holds NUL bytes (it is no text), or no character set fits.
    """
    if (encoding := marked_encoding(data)) is not None:
        return _decode_as(data, encoding)
    if (text := decode_declared(data, declared)) is not None:
        return text
    if b"\0" in data:
        raise ReadError("is not text: it holds NUL bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _guess(data)


def decode_declared(data: bytes, declared: str) -> str | None:
    """Return `data` in a declared character set; None where it is rather UTF-8, or does not fit."""
    if not declared or data.startswith(codecs.BOM_UTF8):
        return None
    try:
        name = codecs.lookup(declared).name
        if name.startswith(("iso2022", "hz")) or not is_utf8(data):
            return data.decode(_READ_AS.get(name, name))
    except (LookupError, UnicodeError, ValueError):
        pass
    return None


def is_utf8(data: bytes) -> bool:
    """Say whether bytes are valid UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"is marked as {encoding}, but is not: {error.reason}") from error


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=list(_CHARACTER_SETS))
    best = matches.best()
    if best is None:
        raise ReadError("is not text in a character set that is known: save it as UTF-8")
    for match in matches:
        as_good = match.chaos <= best.chaos and match.coherence >= best.coherence
        if as_good and _WESTERN in match.could_be_from_charset:
            return str(match)
    return str(best)
