"""No model: the settings of `late_state.py`."""

QUIET = False
