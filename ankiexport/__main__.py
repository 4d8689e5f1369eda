"""`python -m ankiexport` is the command."""

from ankiexport.cli import main

main()
