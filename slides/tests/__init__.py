"""Tests of the deck and of the instructor's guide."""
