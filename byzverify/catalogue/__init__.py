"""Models: how they are found, what their code depends on, and the configurations that are published with them."""
