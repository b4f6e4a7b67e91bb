"""Names of documents to paths of files: an id may come from a column of a table, so it is not trusted to be one."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

_COMPONENT_BYTES = 200  # file systems take 255; a suffix and the name of a temporary file must fit too
_PATH_BYTES = 1_000
_DEPTH = 32
# What Windows forbids in names, control characters, marks that turn the direction of writing, halves of characters.
_BAD = re.compile('[\\x00-\\x1f\\x7f-\\x9f<>:"|?*\\\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
# A folder of such a name would stand where the file of another document has its place.
_LIKE_A_FILE = re.compile(r"\.(?:txt|json)$", re.IGNORECASE)


def safe_path(id: str) -> PurePosixPath:
    """A relative path for the document, inside any folder and writable on any system; the id itself where it is one.

    An id that had to be changed has a digest of itself in its name, so two of them do not meet. Names that differ in
    case only are two here and one on some systems.

    >>> safe_path("kent/2023/a.txt")
    PurePosixPath('kent/2023/a.txt')
    >>> safe_path("../../etc/passwd")
    PurePosixPath('__/__/etc/passwd~3754d6cb3a')
    """
    parts = id.split("/")
    if len(parts) > _DEPTH or len(id.encode("utf-8", "surrogatepass")) > _PATH_BYTES:
        parts = [id.replace("/", "_")]
    safe = [*(_folder(part) for part in parts[:-1]), _component(parts[-1])]
    if "/".join(safe) == id:
        return PurePosixPath(id)
    digest = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return PurePosixPath(*safe[:-1], _with_mark(safe[-1], f"~{digest}"))


def text_path(id: str) -> PurePosixPath:
    """Where the text of a document is saved below the folder for texts: its safe path, as a .txt file.

    >>> text_path("kent/a.html")
    PurePosixPath('kent/a.html.txt')
    """
    path = safe_path(id)
    return path if path.suffix.lower() == ".txt" else path.with_name(f"{path.name}.txt")


def _component(name: str) -> str:
    name = _cut(_BAD.sub("_", name))
    if hidden := len(name) - len(name.lstrip(".")):
        name = "_" * hidden + name[hidden:]
    kept = name.rstrip(". ")  # Windows drops these without a word
    name = kept + "_" * (len(name) - len(kept)) or "_"
    return f"_{name}" if _RESERVED.match(name) else name


def _folder(name: str) -> str:
    name = _component(name)
    return f"{name}_" if _LIKE_A_FILE.search(name) else name


def _with_mark(name: str, mark: str) -> str:
    path = PurePosixPath(name)
    return f"{path.stem}{mark}{path.suffix}" if len(path.suffix) <= 10 else f"{name}{mark}"


def _cut(name: str) -> str:
    """The name in at most so many bytes, with its suffix if that is a short one."""
    if len(name.encode("utf-8", "replace")) <= _COMPONENT_BYTES:
        return name
    suffix = PurePosixPath(name).suffix
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    room = _COMPONENT_BYTES - len(suffix.encode())
    return name.removesuffix(suffix).encode()[:room].decode("utf-8", "ignore") + suffix
