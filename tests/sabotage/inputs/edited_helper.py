"""No model: a helper edited between two checks in one process, as in a notebook. Ends as the second check does."""

import shutil
import sys

import byzverify
from byzverify.catalogue import library

first = byzverify.check(library.find("uses_two_helpers.py")(n=3), 0)
shutil.copy("helper_early.py", "helper_late.py")
second = byzverify.check(library.find("uses_two_helpers.py")(n=3), 0)
print(type(first).__name__, type(second).__name__)
sys.exit(second.exit_code)
