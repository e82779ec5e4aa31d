"""The bench: what it costs to test with this kit, beside the other ways to do the same."""
