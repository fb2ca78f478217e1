"""Every command of the command line, once: its name, where it is, and what it does.

The parser is made from here, and so is what `habeas --help` prints, which needs no parser.
"""

SUMMARY = "Answer data subjects' requests under the GDPR. Without a command: the application."

GROUPS = {
    "requests": "The register of requests.",
    "notices": "Who is to be told of what was changed or erased.",
    "ledger": "What was done, by whom, under which article.",
    "config": "What you may set.",
}

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "People": {
        "find": ("reading:find", "Find people by id, name, email or phone."),
        "show": ("reading:show", "Show what is held on a person."),
        "import": ("loading:import_", "Load files of people and events."),
        "demo": ("loading:demo", "Try everything on a made-up store."),
        "serve": ("serving:serve", "Open the application in a browser."),
    },
    "Rights of a person": {
        "export": ("rights:export", "Write a person's data: access, portability."),
        "rectify": ("rights:rectify", "Correct or complete fields."),
        "erase": ("rights:erase", "Erase a person, for good."),
        "restrict": ("rights:restrict", "Restrict processing."),
        "lift": ("rights:lift", "Lift a restriction."),
        "unsubscribe": ("rights:unsubscribe", "Stop reaching a person on channels."),
        "subscribe": ("rights:subscribe", "Reach a person on a channel again."),
        "object": ("rights:object_", "Record an objection to processing."),
        "automation": ("rights:automation", "Stop or allow automated decisions."),
        "contest": ("rights:contest", "Record the outcome of a contested decision."),
    },
    "Requests, from arrival to answer": {
        "requests add": ("register:add", "Enter a request."),
        "requests import": ("dialects:import_", "Take in requests from other systems."),
        "requests list": ("register:list_", "List them by due date."),
        "requests show": ("register:show", "Show one, with its receipt."),
        "requests identify": ("answering:identify", "Record the check of who asks."),
        "requests run": ("working:run", "Carry one out, or all that are ready."),
        "requests extend": ("answering:extend", "Take two further months."),
        "requests refuse": ("answering:refuse", "Refuse one, with the reasons."),
        "requests cancel": ("register:cancel", "Close one that was taken back."),
        "requests assign": ("register:assign", "Give one to another handler."),
        "requests letter": ("register:letter", "Write a letter to the person."),
        "requests export": ("report:export", "Write the register to a file."),
    },
    "Recipients to be told": {
        "notices list": ("notices:list_", "List them, the open ones first."),
        "notices write": ("notices:write", "Write the messages."),
        "notices done": ("notices:done", "Record that a recipient was told."),
        "notices impossible": ("notices:impossible", "Record why one cannot be told."),
    },
    "The record": {
        "report": ("report:month", "The requests of a month."),
        "purge": ("purging:purge_", "Rewrite the store without what was erased."),
        "verify": ("verifying:verify", "Look whether anything is left of a person."),
        "ledger show": ("ledger:show", "Show the ledger."),
        "ledger verify": ("ledger:verify", "Check that it is whole."),
        "ledger seal": ("ledger:seal", "Sign how it stands, for somebody else to keep."),
        "replay": ("replaying:replay", "Do again what a restored backup lacks."),
    },
    "Setting up": {
        "config path": ("setup:path", "Print where the configuration is."),
        "config show": ("setup:show", "Show what is set."),
        "doctor": ("setup:doctor", "Look for what is wrong, and say it."),
        "completion": ("completion:completion", "Print what makes a shell complete at TAB."),
    },
}
"""By section, each command with its module and function in this package, and its help."""


def overview() -> str:
    """What `habeas --help` prints: every command in a line."""
    width = max(len(name) for commands in SECTIONS.values() for name in commands)
    lines = [SUMMARY, "", "Usage: habeas [COMMAND] [OPTIONS]", ""]
    for section, commands in SECTIONS.items():
        lines.append(section)
        lines += [f"  {name:<{width}}  {said}" for name, (_, said) in commands.items()]
        lines.append("")
    return "\n".join(
        [
            *lines,
            "habeas --read-only opens the application to look and change nothing.",
            "Every command takes --store PATH, --actor NAME and --format table|json|csv.",
            "habeas COMMAND --help says all of one command; habeas --version the version.",
        ]
    )
