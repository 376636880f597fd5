"""No model: puts a number into the database that `reads_database.py` reads."""

import sqlite3
import sys

database = sqlite3.connect("rules.sqlite")
database.execute("CREATE TABLE IF NOT EXISTS rules (keep INTEGER)")
database.execute("INSERT INTO rules VALUES (?)", [int(sys.argv[1])])
database.commit()
database.close()
