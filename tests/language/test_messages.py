"""Labels in words."""

from byzverify.language.messages import Chain, spelled


def test_labels_are_spelled_as_people_write_them() -> None:
    assert [spelled(label) for label in ((), 3, (0, 2), ("said", (1, 2)), Chain("ATTACK", (0, 2)))] == [
        "",
        "3",
        "0-2",
        "said-(1-2)",
        "ATTACK:0:2",
    ]
