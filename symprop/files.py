"""Files: writing symprop's own safely, and running those of the user.

A file is written whole or not at all, and never over the work of somebody else. Its last line is
a comment with a checksum of all lines before it: by this mark symprop recognises its own unedited
work, the only thing that it overwrites unasked. Readers of PDF and of pictures pass over such a
line behind their end.
"""

from __future__ import annotations

import hashlib
import keyword
import os
import re
import secrets
import stat
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from difflib import get_close_matches
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

from symprop.errors import FileError, located

COMMENTS = {".tex": "%", ".html": "<!--", ".svg": "<!--", ".md": "<!--"}
"""What opens a comment, by the suffix of a file; `#` for all others."""

UNMARKED = frozenset({".csv"})
"""Suffixes of what has no comments: no mark either, so nothing there is overwritten unasked."""

_MARK = re.compile(rb"\S+ made by symprop, checksum ([0-9a-f]{16})( -->)?\n")


def sealed(text: str, comment: str = "#") -> str:
    """Return `text` with the mark as its last line, behind two blank lines as Python has them."""
    body = text.replace("\r\n", "\n").rstrip("\n") + "\n\n\n"
    end = " -->" if comment == "<!--" else ""
    return f"{body}{comment} made by symprop, checksum {_checksum(body.encode())}{end}\n"


def sealed_for(path: Path, text: str) -> str:
    """Return `text` sealed as a file of that name: with the comments of its language."""
    return sealed(text, COMMENTS.get(path.suffix, "#"))


def _content(path: Path, content: str | bytes) -> bytes:
    """What is written to a file: a text as UTF-8, the content of a binary file; both sealed."""
    if isinstance(content, str):
        plain = path.suffix in UNMARKED
        return (content if plain else sealed_for(path, content)).encode()
    body = content if content.endswith(b"\n") else content + b"\n"
    checksum = _checksum(body.replace(b"\r\n", b"\n"))
    return body + f"% made by symprop, checksum {checksum}\n".encode()


def is_marked(content: bytes) -> bool:
    """Whether the content of a file ends with the mark, of an edited file too."""
    return _MARK.fullmatch(_split(content)[1]) is not None


def is_unedited(content: bytes) -> bool:
    """Whether the content of a file is symprop's own, as it was written."""
    body, last = _split(content)
    mark = _MARK.fullmatch(last)
    return mark is not None and mark[1].decode() == _checksum(body)


def _split(content: bytes) -> tuple[bytes, bytes]:
    """The lines before the last one, and the last one; line endings as symprop writes them."""
    lines = content.replace(b"\r\n", b"\n").splitlines(keepends=True)
    return b"".join(lines[:-1]), b"".join(lines[-1:])


def _checksum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


# Writing --------------------------------------------------------------------------------------


def write_sealed(path: Path, content: str | bytes, *, force: bool = False) -> bool:
    """Seal a text, or the content of a binary file, and write it, whole or not at all.

    Tell whether that changed the file. Raises FileError where the file exists and is not symprop's
    own unedited work (unless `force`), where it is a folder or a symbolic link, and where it cannot
    be written.
    """
    return bool(write_all({path: content}, force=force))


def require_writable(paths: Iterable[Path], *, force: bool = False) -> None:
    """Raise FileError as `write_sealed` would, before it is known what is to be written."""
    for path in paths:
        with _reported(path, "written"):
            _refuse_folder(path, make_folders=False)
            _refuse_overwriting(path, force)


def write_all(
    products: Mapping[Path, str | bytes], *, force: bool = False, make_folders: bool = False
) -> list[Path]:
    """Seal and write many files; return those that changed. A refusal changes nothing.

    Raises FileError as `write_sealed` does, before the first file is touched. Missing folders
    are made only with `make_folders`.
    """
    contents = {path: _content(path, product) for path, product in products.items()}
    changed = []
    for path, content in contents.items():
        with _reported(path, "written"):
            _refuse_folder(path, make_folders)
            if not _is_up_to_date(path, content):
                _refuse_overwriting(path, force)
                changed.append(path)
    staged: dict[Path, Path] = {}
    try:
        for path in changed:
            with _reported(path, "written"):
                path.parent.mkdir(parents=True, exist_ok=True)
                staged[path] = path.with_name(f".symprop-{secrets.token_hex(8)}.tmp")
                _write(staged[path], contents[path], like=path)
        for path, temporary in staged.items():
            with _reported(path, "written"):
                os.replace(temporary, path)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
    return changed


@contextmanager
def _reported(path: Path, verb: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"{path} cannot be {verb}: {error.strerror or error}") from error
    except ValueError as error:  # of a name that no file can have
        raise FileError(f"{path} cannot be {verb}: {error}") from error


def _is_up_to_date(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and _read(path) == content


def _read(path: Path) -> bytes:
    with _reported(path, "read"):
        return path.read_bytes()


def _write(temporary: Path, content: bytes, like: Path) -> None:
    with temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if like.exists():
        temporary.chmod(stat.S_IMODE(like.stat().st_mode))


def _refuse_folder(path: Path, make_folders: bool) -> None:
    """Raise FileError where the folder of `path` cannot take a file."""
    folder = path.parent
    while make_folders and not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.exists():
        raise FileError(f"{path}: there is no folder {folder}", hint="make it first")
    if not folder.is_dir():
        raise FileError(f"{path}: {folder} is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"{path}: the folder {folder} may not be written to")


def _refuse_overwriting(path: Path, force: bool) -> None:
    """Raise FileError where something stands at `path` that must not be overwritten."""
    if path.is_symlink():
        raise FileError(
            f"{path} is a symbolic link", hint=f"write to what it points to: {os.readlink(path)}"
        )
    if path.is_dir():
        raise FileError(f"{path} is a folder", hint="name a file in it")
    if not path.exists() or (force and path.is_file()):
        return
    if not path.is_file():
        raise FileError(f"{path} is not a regular file")
    content = _read(path)
    hint = "choose another name, or overwrite it with --force"
    if not is_marked(content):
        unknown = "" if path.suffix in UNMARKED else " and was not written by symprop"
        raise FileError(f"{path} exists{unknown}", hint=hint)
    if not is_unedited(content):
        raise FileError(f"{path} was edited since symprop wrote it", hint=hint)
    if not os.access(path, os.W_OK):
        raise FileError(f"{path} is read-only", hint=hint)


# Comparing ------------------------------------------------------------------------------------


def compare(texts: Mapping[Path, str]) -> dict[Path, str]:
    """Return what keeps files from being what `write_all` would make of them.

    "missing", "differs", or, for `others` in the same folders, "is not a product".
    """
    found = {}
    for path, text in texts.items():
        if not path.is_file():
            found[path] = "missing"
        elif _read(path).replace(b"\r\n", b"\n") != sealed_for(path, text).encode():
            found[path] = "differs"
    return found | {path: "is not a product" for path in others(texts)}


def others(paths: Iterable[Path]) -> list[Path]:
    """Return the files that stand in the same folders, or below, and are not among `paths`."""
    known = set(paths)
    found = {path for folder in {path.parent for path in known} for path in folder.rglob("*")}
    return sorted(
        path
        for path in found - known
        if not path.is_dir() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


def file_stem(name: str) -> str:
    """Return a file name, without suffix, for a network of any name.

    A module of that name can be imported, and shadows neither the standard library nor NumPy
    for the modules beside it.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")[:60] or "network"
    if stem[0].isdigit():
        return f"_{stem}"
    taken = stem.lower() in sys.stdlib_module_names or stem.lower() == "numpy"
    return f"{stem}_" if taken or keyword.iskeyword(stem) else stem


# Running --------------------------------------------------------------------------------------


@contextmanager
def running(path: Path) -> Iterator[dict[str, Any]]:
    """Run a Python file that the user chose, as `python path` would; give its names.

    What it raises, also while its names are used, becomes a FileError with file and line. What it
    prints goes to standard error. The modules beside it are forgotten afterwards, as the next file
    may have others of the same name, and the working folder is again what it was.
    """
    _require_python(path)
    file = path.resolve()
    loader = _Uncached(f"<{file.stem.replace('.', '_')}>", str(file))
    spec = spec_from_file_location(loader.name, file, loader=loader)
    assert spec is not None
    module = module_from_spec(spec)
    modules, paths, folder = set(sys.modules), sys.path[:], Path.cwd()
    sys.modules[loader.name] = module
    sys.path.insert(0, str(file.parent))
    try:
        with redirect_stdout(sys.stderr):
            loader.exec_module(module)
            yield vars(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise located(error, path) from error
    finally:
        os.chdir(folder)
        sys.path[:] = paths
        _forget(set(sys.modules) - modules, file.parent)


class _Uncached(SourceFileLoader):
    """Reads a file as it is now, and leaves no compiled copy beside it."""

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


def _require_python(path: Path) -> None:
    if path.is_dir():
        raise FileError(f"{path} is a folder", hint="name a Python file in it")
    if not path.exists():
        if path.is_symlink():
            raise FileError(f"{path} is a link to {os.readlink(path)}, where there is no file")
        beside = [other.name for other in path.parent.glob("*.py") if other.is_file()]
        close = get_close_matches(path.name, beside, n=1, cutoff=0.75)
        hint = f"did you mean {path.with_name(close[0])}?" if close else ""
        raise FileError(f"{path}: no such file", hint=hint)
    if path.suffix != ".py":
        raise FileError(f"{path} is not a Python file", hint="its name should end with .py")
    if not path.is_file():
        raise FileError(f"{path} is not a regular file")
    with _reported(path, "read"):
        path.open("rb").close()


def _forget(modules: set[str], folder: Path) -> None:
    """Drop those modules that stand in a folder, with their submodules."""
    files = {name: getattr(sys.modules[name], "__file__", None) or "" for name in modules}
    beside = {
        name
        for name, file in files.items()
        if "." not in name and folder in (Path(file).parent, Path(file).parent.parent)
    }
    for name in modules:
        if name.partition(".")[0] in beside:
            del sys.modules[name]
