"""Copies and stories: which articles are the same text, and which tell of the same event."""
