"""Greet the people who come in."""

from typing import Any


def greet(screen: Any, name: str) -> None:
    """Show a greeting on a screen; a stranger is greeted as a guest."""
    if not name:
        name = 'guest'
    screen.show(f'Hello, {name}!')
