"""How maps are shown: laid out as panels, and these printed, drawn, put on a page or written as tables."""
