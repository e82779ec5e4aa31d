"""What it costs to test with this kit, beside the other ways: `nox -s bench`."""
