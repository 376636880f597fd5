"""Shows maps: lays them out as panels, and prints, draws or writes these, as pages or tables too."""
