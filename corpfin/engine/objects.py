"""Compiles LLVM code and keeps what was compiled, on disk and in memory, trusted by its content and not by its name.

An object is found by a hash of the code, the processor and the version of LLVM, and holds a hash of its own content. A
file that is cut short, longer, empty or another's is compiled again and replaced. The folder belongs to the user alone.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import stat
import tempfile
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from corpfin.common.files import user_cache
from corpfin.engine.grammar import ModelError

_MAGIC = b"corpfin object 1\n"
_HASH = 32
_loading = threading.Lock()
_loaded: dict[str, Compiled] = {}


class CacheError(ModelError):
    """The folder of compiled code cannot be trusted; the message says how to mend it."""


@dataclass(frozen=True)
class Target:
    """A processor to compile for: LLVM's name of it, its features, and how many numbers a register takes."""

    processor: str
    features: str
    width: int


class Compiled:
    """Code in memory, ready to be called; it stays as long as this object does."""

    def __init__(self, code: bytes, target: Target) -> None:
        self.target = target
        self.engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine(target))
        self.engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
        self.engine.finalize_object()

    def function(self, name: str, *arguments: Any) -> Callable[..., None]:
        """A function by name; it runs without the interpreter's lock. KeyError where there is none."""
        address = self.engine.get_function_address(name)
        if not address:
            raise KeyError(name)
        found: Any = ctypes.CFUNCTYPE(None, *arguments)(address)
        found.code = self  # the code stays as long as the function
        return found  # type: ignore[no-any-return]


@cache
def host() -> Target:
    """The processor this runs on."""
    _start()
    features = llvm.get_host_cpu_features()
    width = 8 if features.get("avx512f") else 4 if features.get("avx") else 2
    return Target(llvm.get_host_cpu_name(), features.flatten(), width)


AT_WORK = threading.Event()
"""Set while something is being compiled: what is loaded from disk is not."""


def compiled(code: str, target: Target) -> Compiled:
    """The code compiled for a target, from memory, from disk or anew.

    Raises CacheError for a folder that another user may write.
    """
    key = hashlib.sha256(
        "\n".join([llvmlite.__version__, *map(str, llvm.llvm_version_info), str(target), code]).encode()
    )
    name = key.hexdigest()
    with _loading:
        if name not in _loaded:
            _loaded[name] = _from_disk(name, code, target)
        return _loaded[name]


def _from_disk(name: str, code: str, target: Target) -> Compiled:
    folder = trusted_folder()
    path = folder / f"{name[:32]}.object"
    try:
        found = _checked(path.read_bytes(), name)
    except OSError:
        found = None
    if found is None:
        AT_WORK.set()
        try:
            found = _compile(code, target)
        finally:
            AT_WORK.clear()
        _keep(path, _MAGIC + name.encode() + hashlib.sha256(found).digest() + found)
    return Compiled(found, target)


def _checked(content: bytes, name: str) -> bytes | None:
    """The object of a file, if the file is whole and is the one of this name."""
    head = len(_MAGIC) + len(name)
    found = content[head + _HASH :]
    good = content[:head] == _MAGIC + name.encode() and content[head : head + _HASH] == hashlib.sha256(found).digest()
    return found if good else None


def _keep(path: Path, content: bytes) -> None:
    """Write a file under its name in one step; a disk that is full costs the next process a compilation, no more."""
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
            unfinished = Path(file.name)
            file.write(content)
        os.replace(unfinished, path)
    except OSError as error:
        if unfinished:
            unfinished.unlink(missing_ok=True)
        warnings.warn(f"compiled code cannot be kept in {path.parent} ({error}); it is compiled anew", stacklevel=2)


def cache_folder() -> Path:
    """Where compiled code is kept: the folder CORPFIN_CACHE if set, else the user's cache folder.

    A user without a home, as in a container, has a temporary one.
    """
    if chosen := os.environ.get("CORPFIN_CACHE"):
        return Path(chosen) / "kernels"
    own = user_cache()
    return own / "kernels" if own else _temporary_folder()


def _temporary_folder() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(tempfile.gettempdir()) / f"corpfin-{user}"


def trusted_folder() -> Path:
    """The folder of compiled code, made where it is missing; a temporary one where it cannot be made or written.

    Raises CacheError where somebody else could have put files in it.
    """
    folder = cache_folder()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        other = _temporary_folder()
        _warn_once(f"{folder} cannot be written; compiled code is kept in {other}. CORPFIN_CACHE names another folder")
        folder = other
        folder.mkdir(mode=0o700, exist_ok=True)
    _refuse_shared(folder)
    return folder


def _refuse_shared(folder: Path) -> None:
    if not hasattr(os, "getuid"):
        return
    found = folder.stat()
    if found.st_uid != os.getuid():
        raise CacheError(f"{folder} belongs to another user; set CORPFIN_CACHE to a folder of your own")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise CacheError(f"{folder} can be written by others: compiled code is run; delete it, or chmod 700 it")


@cache
def _warn_once(message: str) -> None:
    warnings.warn(message, stacklevel=2)


@cache
def _start() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _machine(target: Target) -> llvm.TargetMachine:
    _start()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=target.processor, features=target.features, opt=2, jit=True
    )


def _compile(code: str, target: Target) -> bytes:
    module = llvm.parse_assembly(code)
    module.triple = llvm.get_process_triple()
    module.verify()
    found: bytes = _machine(target).emit_object(module)
    return found


def assembly(code: str, target: Target) -> str:
    """The machine code in words, for tests and for reading."""
    module = llvm.parse_assembly(code)
    module.triple = llvm.get_process_triple()
    text: str = _machine(target).emit_assembly(module)
    return text
