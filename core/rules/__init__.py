"""The rules: text → syntax tree → compiled conditions, and matching them with articles."""
