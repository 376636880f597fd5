"""No model: the models of two folders in one process, each with a `helper_late.py` of its own. Ends as the second check."""

import sys
from pathlib import Path

import byzverify
from byzverify.catalogue import library

MODEL = Path("uses_two_helpers.py").read_text()
for folder, helper in (("first", "helper_late.py"), ("second", "helper_early.py")):
    Path(folder).mkdir()
    Path(folder, "model.py").write_text(MODEL)
    Path(folder, "helper_early.py").write_text(Path("helper_early.py").read_text())
    Path(folder, "helper_late.py").write_text(Path(helper).read_text())
sys.path[:] = [path for path in sys.path if Path(path).resolve() != Path.cwd()]
verdicts = [byzverify.check(library.find(f"{folder}/model.py")(n=3), 0) for folder in ("first", "second")]
print(*(type(verdict).__name__ for verdict in verdicts))
sys.exit(verdicts[1].exit_code)
