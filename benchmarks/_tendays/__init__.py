"""The newsroom of ten simulated days, for benchmarks/tendays.py."""
