"""Stories: how an attack deceived the loyal generals, in plain words."""
