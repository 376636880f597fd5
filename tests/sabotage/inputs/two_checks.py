"""No model: two checks in one process, the second of m=0, after one of m=1. Ends as the second one does."""

import sys

import byzverify
from byzverify.catalogue import library

Deep = library.find("depth_once.py")
verdicts = [byzverify.check(Deep(n=4, m=m), 1) for m in (1, 0)]
print(*(type(verdict).__name__ for verdict in verdicts))
sys.exit(verdicts[1].exit_code)
