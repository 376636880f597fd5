"""No model: the settings of some inputs, a module without functions."""

QUIET = False
