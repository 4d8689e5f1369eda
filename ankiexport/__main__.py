from ankiexport.cli import main

main()
