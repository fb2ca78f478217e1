"""The rights of the data subject, Articles 15 to 22: one module each, found by being here."""

from importlib import import_module
from pkgutil import iter_modules

from data.errors import BadInput
from data.rights.right import Right

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

NAMES = tuple(sorted(Right.known))


def named(name: str) -> type[Right]:
    """The right of that name. Raises BadInput."""
    if name not in Right.known:
        raise BadInput(f"{name} is no right; there are {', '.join(NAMES)}.")
    return Right.known[name]
