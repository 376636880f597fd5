"""Tests import what they share as `tests.…`, with no folder on the path: there `byzverify` would be the folder."""

import sys
from pathlib import Path
from types import ModuleType

package = sys.modules.setdefault("tests", ModuleType("tests"))
package.__path__ = [str(Path(__file__).parent)]
