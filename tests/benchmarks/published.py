"""What others have published about checking OM(1), with the source of every number.

B. F. Jones and L. Pike, "Modular Model-Checking of a Byzantine Fault-Tolerant Protocol", NASA Formal Methods 2017; the
figure "Benchmark of full proof computation time" and the paragraph after it, in https://github.com/GaloisInc/mmc-paper
(paper/paper.tex at fd5f6e0729354f64d738ea8a4a31eda0cae54832). Times are in seconds, on a server with Intel Xeon E312xx
(Sandy Bridge) CPUs, with a limit of one hour.

This module knows what was reported, and which of our questions comes nearest. It measures nothing.
"""

from dataclasses import dataclass

from tests.benchmarks.measuring import Command

HOUR = "> 3600"


@dataclass(frozen=True)
class Reported:
    """SAL's times for OMH(1) with so many relays: by the number of receivers, in the paper's words."""

    relays: int
    seconds: dict[int, str]

    @property
    def nearest(self) -> Command:
        """What byzverify is asked: one lieutenant for each relay, and as many detectable faults as the bound allows."""
        n = self.relays + 1
        faults = f"byzantine=1,manifest={n - 4}" if n > 4 else "byzantine=1"
        return ("check", "omh", "-n", str(n), "-m", "1", "--faults", faults)


REPORTED = (
    Reported(3, {2: "22", 3: "40"}),
    Reported(4, {2: "34", 3: "59", 4: "99"}),
    Reported(5, {2: "94", 3: "125", 4: "335", 5: HOUR}),
    Reported(6, {2: "132", 3: "2966", 4: "844", 5: "2457"}),
    Reported(7, {2: "487", 3: HOUR, 4: HOUR}),
    Reported(8, {1: "298", 2: HOUR, 3: HOUR}),
)
