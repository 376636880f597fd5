"""The engine for all sizes: a program runs once, with the numbers of generals and traitors unknown, on groups of
generals; what must hold becomes linear arithmetic.
"""
