"""What is said of a bug: what failed and where, and nothing of anybody's data."""

from pathlib import Path

EXIT_CODE = 70


def report(bug: BaseException) -> str:
    """The kind of the error and the last places in the code; no message and no values."""
    places = []
    trace = bug.__traceback__
    while trace:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"habeas: a bug ({type(bug).__name__} at {' '.join(places[-3:])})."
