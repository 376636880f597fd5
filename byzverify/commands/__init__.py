"""The commands of the command line: one function for each, which calls other rooms and prints, without any logic."""
