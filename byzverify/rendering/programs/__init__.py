"""What came of runs, campaigns and conformance tests of people's programs."""
