"""The results of runs, campaigns and conformance tests of users' programs."""
