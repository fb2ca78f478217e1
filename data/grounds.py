"""The grounds that the articles list, by the words a handler chooses them with."""

from collections.abc import Mapping

from data.errors import BadInput

ERASURE: Mapping[str, str] = {
    "no-longer-needed": "17(1)(a)",
    "consent-withdrawn": "17(1)(b)",
    "objection": "17(1)(c)",
    "unlawful": "17(1)(d)",
    "legal-obligation": "17(1)(e)",
    "child": "17(1)(f)",
}

ERASURE_EXCEPTIONS: Mapping[str, str] = {
    "expression": "17(3)(a)",
    "legal-obligation": "17(3)(b)",
    "public-health": "17(3)(c)",
    "archiving": "17(3)(d)",
    "claims": "17(3)(e)",
}

RESTRICTION: Mapping[str, str] = {
    "accuracy": "18(1)(a)",
    "unlawful": "18(1)(b)",
    "claims": "18(1)(c)",
    "objection": "18(1)(d)",
}

DESPITE_RESTRICTION: Mapping[str, str] = dict.fromkeys(
    ("consent", "claims", "another-person", "public-interest"), "18(2)"
)
"""For what a restricted person's data may be used all the same."""

REFUSAL: Mapping[str, str] = {
    "unfounded": "12(5)",
    "excessive": "12(5)",
    "unidentifiable": "11(2)",
    "exception": "",
}
"""Why a request may be refused; for an exception the article is that of the exception."""

EXCEPTIONS: Mapping[str, Mapping[str, str]] = {
    "access": {"rights-of-others": "15(4)"},
    "erasure": ERASURE_EXCEPTIONS,
    "portability": {"public-task": "20(3)", "rights-of-others": "20(4)"},
    "opposition": {"compelling-grounds": "21(1)", "claims": "21(1)", "public-interest": "21(6)"},
    "automation": {"contract": "22(2)(a)", "law": "22(2)(b)", "consent": "22(2)(c)"},
    "contest": {"law": "22(2)(b)"},
}
"""By right, the exceptions of its own article."""

RESTRICTED_BY_LAW: Mapping[str, str] = {"restricted-by-law": "23(1)"}
"""The exception from any right, where a law of the Union or a Member State says so."""

MEANINGS: Mapping[tuple[str, str], str] = {
    ("no-longer-needed", "17(1)(a)"): "its purpose is served",
    ("consent-withdrawn", "17(1)(b)"): "consent was all that allowed it",
    ("objection", "17(1)(c)"): "they objected, nothing overrides it",
    ("unlawful", "17(1)(d)"): "it was processed unlawfully",
    ("legal-obligation", "17(1)(e)"): "a law says that it must go",
    ("child", "17(1)(f)"): "an online service has it of a child",
    ("expression", "17(3)(a)"): "freedom of expression, information",
    ("legal-obligation", "17(3)(b)"): "a law says that it must be kept",
    ("public-health", "17(3)(c)"): "public interest in public health",
    ("archiving", "17(3)(d)"): "archives, research or statistics",
    ("claims", "17(3)(e)"): "legal claims need it",
    ("accuracy", "18(1)(a)"): "until it is checked what is right",
    ("unlawful", "18(1)(b)"): "unlawful, but they oppose erasure",
    ("claims", "18(1)(c)"): "they need it for legal claims",
    ("objection", "18(1)(d)"): "until their objection is weighed",
    ("consent", "18(2)"): "they consent to this use",
    ("claims", "18(2)"): "for legal claims",
    ("another-person", "18(2)"): "to protect another person's rights",
    ("public-interest", "18(2)"): "important public interest",
    ("unfounded", "12(5)"): "manifestly without ground",
    ("excessive", "12(5)"): "manifestly so, as by repetition",
    ("unidentifiable", "11(2)"): "which data is theirs is unknown",
    ("exception", ""): "one of the right's own article",
    ("rights-of-others", "15(4)"): "a copy would harm others",
    ("public-task", "20(3)"): "it is for a task of public interest",
    ("rights-of-others", "20(4)"): "to hand it on would harm others",
    ("compelling-grounds", "21(1)"): "they override the person's interests",
    ("claims", "21(1)"): "legal claims need it",
    ("public-interest", "21(6)"): "a task of public interest needs it",
    ("contract", "22(2)(a)"): "a contract with them needs it",
    ("law", "22(2)(b)"): "a law authorises it",
    ("consent", "22(2)(c)"): "they consented explicitly",
    ("restricted-by-law", "23(1)"): "a law restricts the right",
}
"""What each ground says, in half a line, by its word and its point of an article."""


def ground_of(grounds: Mapping[str, str], article: str) -> str:
    """The ground that is this point of the article, of grounds that each are another."""
    return next(ground for ground, point in grounds.items() if point == article)


def article_of(grounds: Mapping[str, str], ground: str) -> str:
    """The point of the article for a ground. Raises BadInput."""
    if ground not in grounds:
        raise BadInput(f"{ground} is no ground; there are {', '.join(grounds)}.")
    return grounds[ground]
