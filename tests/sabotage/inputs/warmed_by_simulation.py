"""No model: a run in the simulator, then a check, in one process. Ends as the check does."""

import sys

import byzverify
from byzverify.catalogue import library

model = library.find("first_speaker.py")(n=3)
byzverify.simulate(model, [], ["ATTACK"])
verdict = byzverify.check(model, 0)
print(type(verdict).__name__)
sys.exit(verdict.exit_code)
