"""Certificates: for every case of a proof, a formula and its refutation, which other programs can check, too."""
