"""Reads the index of answers: which recipe, or section of a lesson, explains which message."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from helpers.kit import ROOT

RECIPES = '03_asyncio/recipes'
INDEX = ROOT / RECIPES / 'index.toml'


@dataclass(frozen=True)
class Answer:
    """One entry of the index; index.toml says what each of its keys means."""

    link: str
    question: str
    answer: str
    messages: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    most_asked: bool = False

    @property
    def is_recipe(self) -> bool:
        """Whether it links to a recipe, not to a lesson."""
        return self.link.startswith(f'{RECIPES}/')


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


def same_writing(text: str) -> str:
    """Return a text in lower case, with single spaces and straight quotation marks."""
    return ' '.join(text.lower().replace('’', "'").replace('‘', "'").replace('`', "'").split())


def messages_in(text: str, answer: Answer) -> list[str]:
    """Return which of an answer's messages stand in a text, however it is broken into lines."""
    text = same_writing(text)
    return [message for message in answer.messages if same_writing(message) in text]
