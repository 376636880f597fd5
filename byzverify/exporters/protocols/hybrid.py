"""A published model as it is, with this setting's sizes: for a mixture of faults.

OMH(m) of Lincoln & Rushby 1993 needs n > 2a + 2s + b + m generals and m+1 rounds against a arbitrary, s symmetric and
b manifest faults, a <= m. That is less than to count all of them as byzantine.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from byzverify.exporters.protocols.writing import Proposal, fits, total
from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import Setting, is_complete


def hybrid(setting: Setting) -> Iterator[Proposal]:
    """OMH(m), where some of the faults are milder than byzantine ones."""
    if setting.problem != "broadcast" or not is_complete(setting):
        return
    symmetric, manifest = (setting.faults.get(mode, 0) for mode in (Fault.SYMMETRIC, Fault.MANIFEST))
    m = total(setting.faults) - symmetric - manifest
    enough = setting.n > 2 * m + 2 * symmetric + manifest + m
    if 0 < m < total(setting.faults) and enough and fits(setting, m + 1):
        yield _omh(setting, m)


def _omh(setting: Setting, m: int) -> Proposal:
    """The text of the model, whose class states its sizes."""
    from byzverify.models import omh

    text = inspect.getsource(omh).replace("class OMH(Protocol)", "class Found(Protocol)")
    text = text.replace("protocol: OMH", "protocol: Found")
    text = text.replace("    m: int\n", f"    n: int = {setting.n}\n    m: int = {m}\n", 1)
    says = "Everyone passes on what he hears, and reports what he misses; each lieutenant takes the majority."
    return Proposal(says, text, {"n": setting.n, "m": m})
