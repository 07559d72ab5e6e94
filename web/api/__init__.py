"""The page's answers for programs, in JSON. Asks the archive as the pages do; draws nothing."""
