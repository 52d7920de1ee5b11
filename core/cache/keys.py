"""Cache keys: whose, which function in which version of its code, on which data, with which arguments."""

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any


def person(user_id: int) -> str:
    """Return the prefix of everything kept about a person: erasing them drops it."""
    return f"u:{user_id}:"


def code_version(function: Callable[..., Any]) -> str:
    """Return a short hash of a function's source: new code never reads what old code stored."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:10]


def key(name: str, code: str, arguments: Mapping[str, Any]) -> str:
    """Return the key of one call: a person's when there is a ``user_id`` among the arguments, else everybody's."""
    rest = dict(arguments)
    owner = person(rest.pop("user_id")) if "user_id" in rest else "g:"
    version = rest.pop("data_version", "")
    digest = hashlib.sha256(canonical(rest).encode()).hexdigest()[:32]
    return f"{owner}{name}:{code}:{version}:{digest}"


def canonical(value: Any) -> str:
    """Return text that is equal exactly when values are equal.

    Raises:
        TypeError: the value is of a kind whose text could change from run to run.
    """
    if value is None or (isinstance(value, bool | int | float | str | bytes | date) and not isinstance(value, Enum)):
        return f"{type(value).__name__}:{value!r}"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.value!r}"
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{field.name}={canonical(getattr(value, field.name))}" for field in fields(value))
        return f"{type(value).__name__}({','.join(parts)})"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{','.join(sorted(map(canonical, value)))}}}"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{canonical(k)}:{canonical(v)}' for k, v in value.items()))}}}"
    raise TypeError(f"{type(value).__name__} cannot be part of a cache key.")
