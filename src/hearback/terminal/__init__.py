"""What each command does; a file is only loaded when its command is asked for."""
