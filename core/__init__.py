"""The pure core: no I/O, no clock, no globals; `now` is always an argument."""
