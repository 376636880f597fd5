"""Guards of a proof, in a fresh process: its terms against the simulator, and each general alone."""
