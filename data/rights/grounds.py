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

RESTRICTION: Mapping[str, str] = {
    "accuracy": "18(1)(a)",
    "unlawful": "18(1)(b)",
    "claims": "18(1)(c)",
    "objection": "18(1)(d)",
}


def article_of(grounds: Mapping[str, str], ground: str) -> str:
    """The point of the article for a ground. Raises BadInput."""
    if ground not in grounds:
        raise BadInput(f"{ground} is no ground; there are {', '.join(grounds)}.")
    return grounds[ground]
