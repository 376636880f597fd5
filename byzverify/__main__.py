"""`python -m byzverify` is `byzverify`."""

from byzverify.cli import main

main()
