"""What people and programs read: verdicts, attacks and runs as text and as JSON. Nothing here decides anything."""
