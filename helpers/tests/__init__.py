"""Tests of the kit itself: `nox -s tests`."""
