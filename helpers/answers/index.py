"""Reads the index of answers: which recipe, or section of a lesson, explains which message."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from helpers.kit import ROOT

INDEX = ROOT / '03_asyncio' / 'recipes' / 'index.toml'


@dataclass(frozen=True)
class Answer:
    """One entry of the index; index.toml says what each of its keys means."""

    link: str
    question: str
    answer: str
    messages: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    most_asked: bool = False


def read_index(path: Path = INDEX) -> list[Answer]:
    """Return the answers in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding='utf-8'))['answer']
    return [
        Answer(
            link=entry['link'],
            question=entry['question'],
            answer=entry['answer'],
            messages=tuple(entry.get('messages', [])),
            symptoms=tuple(entry.get('symptoms', [])),
            most_asked=entry.get('most_asked', False),
        )
        for entry in entries
    ]
