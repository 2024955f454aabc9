"""A process folder on the command line: its variants compared, checked and proved, without a database."""
