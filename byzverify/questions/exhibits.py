"""A visit to the museum: break a published mistake, and prove its repair.

This module knows which two verdicts an exhibit promises. It must not know how they are shown.
"""

from __future__ import annotations

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import ByzverifyError, Stopped
from byzverify.questions.pipeline import check
from byzverify.questions.question import Progress, in_silence
from byzverify.questions.verdict import Proved, Refuted, Unknown


def visit(mistake: Configuration, repair: Configuration, progress: Progress = in_silence) -> tuple[Refuted, Proved]:
    """Break a mistake and prove its repair. Raises Stopped if either is unknown, ByzverifyError if either is untrue."""
    broken = check(mistake.build(), mistake.budget(), progress=progress)
    whole = check(repair.build(), repair.budget(), progress=progress)
    for verdict in (broken, whole):
        if isinstance(verdict, Unknown):
            stopped = Stopped(verdict.reason)
            stopped.exit_code = verdict.exit_code
            raise stopped
    if not isinstance(broken, Refuted) or not isinstance(whole, Proved):
        raise ByzverifyError("the museum expects the mistake to be refuted and the repair to be proved")
    return broken, whole
