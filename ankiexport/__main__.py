"""`python -m ankiexport` is the command."""

from ankiexport.cli import main

if __name__ == "__main__":  # a process that helps to read pages loads this module, too
    main()
