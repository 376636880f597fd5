"""Models: how they are found, what code they depend on, and the configurations published with them."""
