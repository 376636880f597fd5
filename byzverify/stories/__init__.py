"""Stories: how an attack deceived whom, in plain words."""
