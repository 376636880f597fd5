"""Real programs in the generals' places: one process each, and byzverify is the network between them."""
