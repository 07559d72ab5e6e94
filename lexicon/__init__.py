"""What Rasad knows of words: data only."""
