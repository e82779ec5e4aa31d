"""The deck, what builds it, and what the instructor needs besides."""
