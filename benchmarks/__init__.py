"""One module per figure quoted in docs/performance.md: `python -m benchmarks.NAME`."""
