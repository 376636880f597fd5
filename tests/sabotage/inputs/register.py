"""No model: the register that `registry.py` imports."""

_register = set()


def enrolled(general):
    """Everybody who has enrolled so far, the one who does now included."""
    _register.add(general)
    return frozenset(_register)
