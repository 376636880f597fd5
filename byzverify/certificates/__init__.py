"""Certificates: for every case of a proof a formula and a refutation of it, which other programs can check, too."""
