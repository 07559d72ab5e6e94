"""One file per schema revision; they never change once released."""
