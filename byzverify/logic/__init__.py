"""The waist of the architecture: every protocol, executed on symbolic values, becomes terms of one small logic."""
