"""What the command line does: a function for each command, which asks others and prints. There is no logic here."""
