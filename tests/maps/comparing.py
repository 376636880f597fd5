"""Two maps of the same landscape: what must be the same, whoever made them and whatever happened meanwhile."""

from byzverify.maps.landscape import Known, Place


def settled(known: dict[Place, Known]) -> dict[Place, Known]:
    """All but how long each cell took, and which attack was found: there are many, and z3 remembers other cells."""
    return {
        place: one.model_copy(update={"seconds": 0.0, "attack": None if one.attack is None else "an attack"})
        for place, one in known.items()
    }
