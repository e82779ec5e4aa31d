"""Finds the recipe, or the section of a lesson, that explains an error message."""
