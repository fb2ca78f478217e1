"""Every command once, as it runs on the store that `tests.fixtures` makes."""

ANYBODY = {"ana-1", "bo-2"}
WHY = "asked by letter"
READS: dict[str, tuple[str, ...]] = {
    "find": ("find", ""),
    "show": ("show", "ana-1"),
    "requests list": ("requests", "list"),
    "requests show": ("requests", "show", "R1"),
    "notices list": ("notices", "list"),
    "verify": ("verify", "dora-4", "--also", "dora@example.org"),
    "ledger show": ("ledger", "show"),
    "ledger verify": ("ledger", "verify"),
    "report": ("report",),
}
WRITES_FILES: dict[str, tuple[str, ...]] = {
    "requests letter": ("requests", "letter", "R1", "confirmation"),
    "requests export": ("requests", "export", "--out", "register.csv"),
    "notices write": ("notices", "write", "N1"),
    "ledger seal": ("ledger", "seal", "--out", "ledger.seal.json"),
}
WRITES: dict[str, tuple[str, ...]] = {
    "import": ("import", "--people", "new.csv", "--events", "new-events.csv"),
    "export": ("export", "ana-1", "--out", "out"),
    "rectify": ("rectify", "ana-1", "city=Utrecht"),
    "restrict": ("restrict", "ana-1", "--ground", "accuracy"),
    "lift": ("lift", "bo-2", "--informed", "2020-01-31"),
    "unsubscribe": ("unsubscribe", "ana-1", "--channel", "email", "--channel", "sms"),
    "subscribe": ("subscribe", "ana-1", "--channel", "push"),
    "object": ("object", "ana-1"),
    "automation": ("automation", "ana-1", "--stop"),
    "contest": ("contest", "ana-1", "--decision", "invoice", "--outcome", "changed"),
    "purge": ("purge",),
    "erase": ("erase", "ana-1", "--ground", "child", "--confirm", "ana-1"),
    "requests add": ("requests", "add", "bo-2", "--right", "erasure"),
    "requests identify": ("requests", "identify", "R1", "--asked", "--how", WHY),
    "requests run": ("requests", "run", "R1"),
    "requests extend": ("requests", "extend", "R1", "--reason", WHY),
    "requests refuse": ("requests", "refuse", "R1", "--ground", "unfounded", "--reason", WHY),
    "requests assign": ("requests", "assign", "R1", "noor"),
    "requests cancel": ("requests", "cancel", "R1"),
    "notices done": ("notices", "done", "N1", "--on", "2020-01-31"),
    "notices impossible": ("notices", "impossible", "N1", "--reason", WHY),
}
EVERY = READS | WRITES_FILES | WRITES
ELSEWHERE = {
    "demo", "serve", "replay", "requests import", "config path", "config show", "doctor",
    "completion"
}  # fmt: skip
"""Commands whose tests are in files of their own."""
