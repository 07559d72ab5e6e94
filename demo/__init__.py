"""The synthetic newsroom: what `rasad demo` shows and what the tests use as their scene."""
