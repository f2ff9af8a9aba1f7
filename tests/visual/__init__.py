"""Pictures of every page beside those that somebody looked at."""
