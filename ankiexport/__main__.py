"""`python -m ankiexport` is the command."""

if __name__ == "__main__":  # a process that helps to read pages loads this module, too, and needs no command
    from ankiexport.cli import main

    main()
