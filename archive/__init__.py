"""The archive: the only package that knows SQL. Functions take a connection first, `now` where time matters."""
