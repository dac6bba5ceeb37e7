"""A pickle read as data: a dictionary of texts, numbers, lists and arrays of bytes. Nothing in it is ever called.

The instructions come from `pickletools`, which decodes and does not execute. The few that plain data needs are
carried out here on lists and dictionaries; the three names that a pickled array consists of are recognised as
text, never imported. Every other name or instruction is refused.
"""

from __future__ import annotations

import pickletools
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

DATA = {"INT", "BININT", "BININT1", "BININT2", "LONG1", "NONE", "NEWTRUE", "NEWFALSE"} | {
    "STRING", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
    "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
}  # fmt: skip
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
ARRAY, DTYPE, MAKE = "an array", "a type", "the maker of arrays"
NAMES = {
    "numpy ndarray": ARRAY,
    "numpy dtype": DTYPE,
    "numpy.core.multiarray _reconstruct": MAKE,
    "numpy._core.multiarray _reconstruct": MAKE,
}
BYTE_TYPES = ("u1", "|u1")
MAX_INSTRUCTIONS = 1_000_000
"""A batch of 10,000 images has about 50,000; a million take two seconds."""


class NotPlainError(ValueError):
    """A pickle holds something else than plain data, or is damaged."""


@dataclass(frozen=True)
class _Name:
    what: str


@dataclass
class _Array:
    value: np.ndarray | None = None


class _ByteType:
    """The type uint8, as far as a pickle describes it."""


_MARK = object()


def read_plain(content: bytes) -> Any:
    """Return the plain data in a pickle of protocol 0 to 4: dict, list, tuple, str, bytes, int, bool, None, and
    arrays of uint8. Texts of Python 2 come as str in latin-1.

    Raises NotPlainError, in one line, for everything else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # of escapes that are none, which nothing writes
        return _read(content)


def _read(content: bytes) -> Any:
    machine = _Machine()
    try:
        for number, (instruction, argument, position) in enumerate(pickletools.genops(content)):
            if number >= MAX_INSTRUCTIONS:
                raise NotPlainError(f"has more than {MAX_INSTRUCTIONS:,} instructions")
            if instruction.name == "STOP":
                return machine.result()
            machine.step(instruction.name, argument, position)
    except NotPlainError:
        raise
    except (
        ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, MemoryError, DeprecationWarning,
    ):  # fmt: skip
        raise NotPlainError("is damaged: its instructions make no sense") from None
    raise NotPlainError("is cut short")


class _Machine:
    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def result(self) -> Any:
        (value,) = self.stack
        return _plain(value)

    def step(self, name: str, argument: Any, position: int) -> None:
        stack = self.stack
        if name in DATA:
            stack.append(CONSTANTS.get(name, argument))
        elif name in ("PROTO", "FRAME"):
            pass
        elif name == "MARK":
            stack.append(_MARK)
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self.memo[int(argument)])
        elif name in ("BINPUT", "LONG_BINPUT", "PUT", "MEMOIZE"):
            self.memo[len(self.memo) if argument is None else int(argument)] = stack[-1]
        elif name in ("EMPTY_DICT", "EMPTY_LIST", "EMPTY_TUPLE"):
            stack.append({"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}[name]())
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            n = int(name[-1])
            stack[-n:] = [tuple(stack[-n:])]
        elif name in ("TUPLE", "LIST", "DICT"):
            items = self._since_mark()
            stack.append(tuple(items) if name == "TUPLE" else items if name == "LIST" else _pairs({}, items))
        elif name == "APPEND":
            item = stack.pop()
            stack[-1].append(item)
        elif name == "APPENDS":
            items = self._since_mark()
            stack[-1].extend(items)
        elif name in ("SETITEM", "SETITEMS"):
            items = [stack.pop(), stack.pop()][::-1] if name == "SETITEM" else self._since_mark()
            _pairs(stack[-1], items)
        elif name == "GLOBAL":
            stack.append(_named(argument, position))
        elif name == "STACK_GLOBAL":
            attribute, module = stack.pop(), stack.pop()
            stack.append(_named(f"{module} {attribute}", position))
        elif name == "REDUCE":
            arguments, maker = stack.pop(), stack.pop()
            stack.append(_made(maker, arguments, position))
        elif name == "BUILD":
            state = stack.pop()
            _filled(stack[-1], state)
        else:
            raise NotPlainError(f"holds the instruction {name} at byte {position}; plain data needs none")

    def _since_mark(self) -> list[Any]:
        stack = self.stack
        start = next((i for i in range(len(stack) - 1, -1, -1) if stack[i] is _MARK), None)
        if start is None:
            raise NotPlainError("is damaged: it ends a list that has no beginning")
        items = stack[start + 1 :]
        del stack[start:]
        return items


def _pairs(target: Any, items: list[Any]) -> dict[Any, Any]:
    if type(target) is not dict or len(items) % 2:
        raise NotPlainError("sets an item of what is no dictionary")
    for key, value in zip(items[::2], items[1::2], strict=True):
        if type(key) not in (str, bytes):
            raise NotPlainError("has a key that is no text")
        target[key if type(key) is str else key.decode("latin-1")] = value
    return target


def _named(name: str, position: int) -> _Name:
    if name not in NAMES:
        raise NotPlainError(f"asks for {name.replace(' ', '.')!r} at byte {position}; it is not run")
    return _Name(NAMES[name])


def _made(maker: Any, arguments: Any, position: int) -> _Array | _ByteType:
    if maker == _Name(MAKE) and arguments[0] == _Name(ARRAY):
        return _Array()
    if maker == _Name(DTYPE) and arguments[0] in BYTE_TYPES:
        return _ByteType()
    raise NotPlainError(f"makes something else than an array of bytes at byte {position}")


def _filled(target: Any, state: Any) -> None:
    """Give an array its shape and content, or a type its details, which say nothing for single bytes."""
    if isinstance(target, _ByteType):
        return
    if not isinstance(target, _Array):
        raise NotPlainError("gives a state to what is no array")
    _, shape, kind, fortran, content = state
    if not isinstance(kind, _ByteType) or any(type(n) is not int or n < 0 for n in shape):
        raise NotPlainError("has an array of something else than bytes")
    raw = content.encode("latin-1") if isinstance(content, str) else content
    target.value = np.frombuffer(raw, np.uint8).reshape(shape, order="F" if fortran else "C")


def _plain(value: Any) -> Any:
    """Return a dictionary with its arrays in place; what is deeper is left as it is."""
    if isinstance(value, dict):
        return {key: _plain(item) if isinstance(item, _Array) else item for key, item in value.items()}
    if isinstance(value, _Array):
        if value.value is None:
            raise NotPlainError("has an array without content")
        return value.value
    return value
