"""Finds the answers to an error message, a traceback, or a question in somebody's own words."""

import ast
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process
from snowballstemmer import stemmer

from helpers.answers.index import Answer, messages_in, same_writing
from helpers.kit import ROOT

MOST = 3  # answers
CLOSE = 0.5  # the share of a question's words that an answer must have to fit
PERHAPS = 0.3  # the share from which on an answer is worth a look
IN_DOCSTRING = 0.6  # what a word counts that stands only in the recipe's explanation
SAME_MESSAGE = 90  # percent: with other names, or a word more
LONG_MESSAGE = 40  # characters: from this length on, a message says all
SAME_WORD = 88  # percent: a wrong letter
LONG_WORD = 7  # letters: shorter words are too much like others
COMMON_WORDS = """
    a an and are as at be but by can did do does for from get had has have how i if in into is
    it its just me my no not of on one or so that the them then there this to use used using want
    was we what when where which who why will with would you your
    attributeerror runtimeerror runtimewarning typeerror valueerror
"""


@dataclass(frozen=True)
class Match:
    """An answer, and how well it fits: from 0 to 2."""

    answer: Answer
    score: float

    @property
    def fits(self) -> bool:
        """Whether it is close, not only worth a look."""
        return self.score >= CLOSE


def find(text: str, answers: list[Answer]) -> list[Match]:
    """Return the answers that come closest to a text, at most three, the best first.

    What counts is how many of the text's words an answer has, and whether one of its messages
    stands in the text: the longer the message, the more.
    """
    matches = []
    for answer, about in zip(answers, _how_much_about(text, answers), strict=True):
        found = messages_in(text, answer)
        if found:
            longest = max(map(len, found))
            score = about + min(longest / LONG_MESSAGE, 1)
        else:
            score = max(about, _how_like_its_messages(text, answer))
        if score >= PERHAPS:
            matches.append(Match(answer, score))
    # Of answers that fit about equally well, the one that is asked most.
    matches.sort(key=lambda match: (round(match.score, 1), match.answer.most_asked), reverse=True)
    return matches[:MOST]


def _how_like_its_messages(text: str, answer: Answer) -> float:
    """Return 0, or from 0.9 to 1 how much a text has of a message."""
    alike = [
        fuzz.partial_ratio(same_writing(message), same_writing(text), score_cutoff=SAME_MESSAGE)
        for message in answer.messages
        if len(message) <= len(text)
    ]
    return max(alike, default=0) / 100


def _how_much_about(text: str, answers: list[Answer]) -> list[float]:
    """Return for each answer which share of a text's words it has; a rare word weighs more."""
    entries = [_words_of_entry(answer) for answer in answers]
    explanations = [_words_of_explanation(answer) for answer in answers]
    count = Counter(
        word for pair in zip(entries, explanations, strict=True) for word in set.union(*pair)
    )
    weight = {word: math.log(1 + len(answers) / count[word]) for word in count}
    known_words = list(weight)
    unknown = math.log(1 + len(answers))  # as a word that one answer has

    shares = [0.0] * len(answers)
    total = 0.0
    for word in _words(text):
        same = _same(word, known_words)
        weight_of_word = min((weight.get(other, unknown) for other in same), default=unknown)
        total += weight_of_word
        for number in range(len(answers)):
            if same & entries[number]:
                shares[number] += weight_of_word
            elif same & explanations[number]:
                shares[number] += IN_DOCSTRING * weight_of_word
    return [share / total if total else 0.0 for share in shares]


def _same(word: str, known: list[str]) -> set[str]:
    """Return the known words that a word stands for: itself, or a long one that is much like it."""
    if word in known or len(word) < LONG_WORD:
        return {word}
    alike = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=SAME_WORD, limit=None)
    return {other for other, _, _ in alike}


@cache
def _words_of_entry(answer: Answer) -> set[str]:
    parts = [answer.question, answer.answer, *answer.messages, *answer.symptoms]
    return _words(' '.join(parts))


@cache
def _words_of_explanation(answer: Answer) -> set[str]:
    """Return the words of a recipe's docstring."""
    if not answer.is_recipe:
        return set()
    source = (ROOT / answer.link).read_text(encoding='utf-8')
    return _words(ast.get_docstring(ast.parse(source)) or '')


def _words(text: str) -> set[str]:
    """Return the words of a text, without common ones and without endings."""
    words = {word for word in re.findall(r'[a-z0-9]+', text.lower()) if len(word) > 1}
    return set(stemmer('english').stemWords(sorted(words - set(COMMON_WORDS.split()))))
