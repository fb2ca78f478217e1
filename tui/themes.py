"""The colours of Habeas, dark and light: calm, one accent, warnings that differ in lightness."""

from textual.theme import Theme

_FOCUS = {"button-focus-text-style": "bold underline"}

DARK = Theme(
    name="habeas",
    primary="#5fb3a1",
    secondary="#8aa9c9",
    accent="#e0b15c",
    foreground="#d9dedb",
    background="#14191a",
    surface="#1a2122",
    panel="#263031",
    success="#7fbf7a",
    warning="#e0b15c",
    error="#ef7f72",
    dark=True,
    variables=_FOCUS,
)

LIGHT = Theme(
    name="habeas-light",
    primary="#0f6b5c",
    secondary="#35567a",
    accent="#8a5a00",
    foreground="#1b2423",
    background="#f6f7f5",
    surface="#ffffff",
    panel="#e3e8e5",
    success="#1f6b2c",
    warning="#7a5200",
    error="#a3271c",
    dark=False,
    variables=_FOCUS,
)
