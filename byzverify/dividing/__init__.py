"""One hard check on several cores: its scenarios, and where one is hard its cubes, are decided by a crew."""
