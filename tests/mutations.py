"""Everything that may be wrong with a file of requests, each as a change to one that is right."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from tests.dialects import BY_NAME, Written, hashed

Change = Callable[[Written, str], object]
"""Changes a request of the dialect in place."""

HUGE = "4" * 10_000_000
LONG = "4" * 10_001

WRONG: Mapping[str, Any] = {
    "a number": 5, "null": None, "true": True, "blank": " ", "a list": [], "an object": {}
}  # fmt: skip


def key(dialect: str, name: str) -> str:
    """What the dialect calls the key `type` or `identities`; any other as it is."""
    described = BY_NAME[dialect]
    return {"type": described.type_key, "identities": described.identities_key}.get(name, name)


def identity(request: Written, dialect: str) -> Written:
    """The object with the value of the first identity."""
    listed = request[key(dialect, "identities")]
    found: Written = listed[0] if isinstance(listed, list) else next(iter(listed.values()))
    return found


def value_and_format(dialect: str) -> tuple[str, str]:
    by_type = BY_NAME[dialect].by_type
    return ("value", "encoding") if by_type else ("identity_value", "identity_format")


def put(name: str, value: Any) -> Change:
    return lambda request, dialect: request.update({key(dialect, name): value})


def drop(name: str) -> Change:
    return lambda request, dialect: request.pop(key(dialect, name))


def valued(value: Any, form: Any = "raw") -> Change:
    """The value and format of the first identity."""

    def change(request: Written, dialect: str) -> None:
        names = value_and_format(dialect)
        identity(request, dialect).update(zip(names, (value, form), strict=True))

    return change


def typed(kind: Any) -> Change:
    """The type of the first identity."""

    def change(request: Written, dialect: str) -> None:
        if BY_NAME[dialect].by_type:
            listed = request[key(dialect, "identities")]
            listed[str(kind)] = listed.pop(next(iter(listed)))
        else:
            identity(request, dialect)["identity_type"] = kind

    return change


def without_value(request: Written, dialect: str) -> None:
    identity(request, dialect).pop(value_and_format(dialect)[0])


def without_format(request: Written, dialect: str) -> None:
    identity(request, dialect).pop(value_and_format(dialect)[1])


def another_identity(request: Written, dialect: str) -> None:
    another = {"identity_type": "email", "identity_value": "ana@example.org"}
    request[key(dialect, "identities")].append(another)


def nested(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


FAULTS: Mapping[str, Change] = {
    **{
        f"{name} is {what}": put(name, value)
        for name in ("subject_request_id", "type", "identities", "submitted_time")
        for what, value in WRONG.items()
    },
    **{f"{name} is gone": drop(name) for name in ("type", "identities")},
    **{f"{name} is long": put(name, LONG)
       for name in ("subject_request_id", "type", "identities", "submitted_time", "unknown")},
    "a key is long": put(LONG, 1),
    "a key that is long is wrong": put(LONG, "\ud800"),
    "the id is huge": put("subject_request_id", HUGE),
    **{f"submitted {time}": put("submitted_time", time)
       for time in ("yesterday", "2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00",
                    "2026-01-01T24:01:00Z", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
                    "٢٠٢٦-01-01T00:00:00Z", "2026-01-01T00:00:00+25:00")},
    **{f"the value is {what}": valued(value) for what, value in WRONG.items()},
    **{f"the format is {what}": valued("x", value) for what, value in WRONG.items()},
    **{f"the type of identity is {what}": typed(value) for what, value in WRONG.items()},
    "the value is gone": without_value,
    "the value is huge": valued(HUGE),
    "the format is long": valued("x", LONG),
    "the type of identity is long": typed(LONG),
    "the format is unknown": valued("x", "sha512"),
    "the type of identity is unknown": typed("shoe_size"),
    "the hash is short": valued(hashed("sha1", "x"), "sha256"),
    "the hash is long": valued(hashed("sha256", "x"), "md5"),
    "the hash is not hexadecimal": valued("g" * 40, "sha1"),
    "the type is unknown": put("type", "deletion"),
    "the type is in capitals": put("type", "ERASURE"),
    "the id is long": put("subject_request_id", "x" * 101),
    "the regulation is unknown": put("regulation", "pipl"),
    "the version is a number": put("api_version", 2),
    "the extensions are a list": put("extensions", []),
    "the addresses are a text": put("status_callback_urls", "https://example.org"),
    "an address is a number": put("status_callback_urls", [1]),
    "a number is none": put("unknown", float("nan")),
    "a number is endless": put("unknown", float("-inf")),
    "a text is no Unicode": put("unknown", "\ud800"),
    "a key is no Unicode": put("\udfff", "x"),
    "a value is no Unicode": valued("x\ud800"),
    "it is deep": put("unknown", nested(30)),
}  # fmt: skip

SOME: Mapping[str, tuple[Change, Collection[str]]] = {
    "the id is gone": (
        drop("subject_request_id"),
        ("OpenDSR 2.0", "OpenGDPR 1.0", "mParticle v3", "AppsFlyer", "WebEngage"),
    ),
    "the time is gone": (
        drop("submitted_time"),
        ("OpenDSR 2.0", "mParticle v3", "AppsFlyer", "MoEngage"),
    ),
    "the format is gone": (
        without_format,
        ("OpenDSR 2.0", "OpenGDPR 1.0", "mParticle v3", "AppsFlyer"),
    ),
    "the regulation is gone": (drop("regulation"), ("OpenDSR 2.0",)),
    "there are two identities": (another_identity, ("WebEngage",)),
    **{
        f"the id is {id_}": (put("subject_request_id", id_), ("OpenDSR 2.0",))
        for id_ in ("1", "A7551968-D5D6-44B2-9831-815AC9017798",
                    "a7551968-d5d6-14b2-9831-815ac9017798", "a7551968d5d644b29831815ac9017798",
                    "a7551968-d5d6-44b2-9831-815ac9017798\n")
    },
}  # fmt: skip
"""What is wrong in some dialects; elsewhere it may be left out, or makes it another dialect."""


def faults_of(dialect: str) -> dict[str, Change]:
    some = {name: change for name, (change, dialects) in SOME.items() if dialect in dialects}
    return {**FAULTS, **some}


TEXTS: Mapping[str, Callable[[str], bytes]] = {
    "nothing": lambda text: b"",
    "blank": lambda text: b" \r\n\n\t",
    "an empty list": lambda text: b"[]",
    "a text": lambda text: json.dumps(text).encode(),
    "a list of numbers": lambda text: b"[1, 2]",
    "no JSON": lambda text: b"id,type\n1,erasure\n",
    "cut": lambda text: text[:-9].encode(),
    "cut in a list": lambda text: f"[{text}".encode(),
    "two on a line": lambda text: f"{text} {text}".encode(),
    "with a line that is none": lambda text: f"{text}\nend".encode(),
    "with a key twice": lambda text: (text[:-1] + ', "x": 1, "x": 1}').encode(),
    "with an inner key twice": lambda text: (text[:-1] + ', "x": {"y": 1, "y": 1}}').encode(),
    "not UTF-8": lambda text: text.replace("ana", "an\xe4").encode("latin-1"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "nested without end": lambda text: (text[:-1] + ', "x": ' + "[" * 200_000).encode(),
    "with an endless number": lambda text: (text[:-1] + ', "x": ' + "9" * 5_000 + "}").encode(),
    "with a raw control character": lambda text: text.replace("ana", "an\x01").encode(),
}  # fmt: skip
"""What is wrong with a whole file, given a request as a line of it."""
