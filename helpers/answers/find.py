"""Finds the answers to an error message, a traceback, or a question in somebody's own words."""

import ast
import math
import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from helpers.answers.index import Answer, messages_in, same_writing
from helpers.kit import ROOT

MOST = 3  # answers
CLOSE = 0.5  # the least share of a question's words, weighted, that an answer has
SAME_MESSAGE = 90  # percent: with other names, or a word more
SAME_WORD = 85  # percent: a plural, or a wrong letter
COMMON_WORDS = """
    a an and are as at be but by can did do does for from get had has have how i if in into is
    it its just me my no not of on one or so that the them then there this to use used using want
    was we what when where which who why will with would you your
"""


@dataclass(frozen=True)
class Match:
    """An answer, and how well it fits: above 1 if the text contains one of its messages."""

    answer: Answer
    score: float


def find(text: str, answers: list[Answer]) -> list[Match]:
    """Return the answers that come close to a text, at most three, the best first.

    An answer whose message stands in the text comes before those that are only about the same.
    """
    matches = []
    for answer, about in zip(answers, _how_much_about(text, answers), strict=True):
        score = max(_how_like_its_messages(text, answer), about)
        if score >= CLOSE:
            matches.append(Match(answer, score))
    matches.sort(key=lambda match: match.score, reverse=True)
    return matches[:MOST]


def _how_like_its_messages(text: str, answer: Answer) -> float:
    """Return above 1 if a message is in the text, the more the longer it is; else 1 or less."""
    found = messages_in(text, answer)
    if found:
        return 1 + max(map(len, found)) / 1000
    alike = [
        fuzz.partial_ratio(same_writing(message), same_writing(text), score_cutoff=SAME_MESSAGE)
        for message in answer.messages
        if len(message) <= len(text)
    ]
    return max(alike, default=0) / 100


def _how_much_about(text: str, answers: list[Answer]) -> list[float]:
    """Return for each answer which share of a text's words it has; a rare word weighs more."""
    words_of_answers = [_words(_all_that_is_said(answer)) for answer in answers]
    count = Counter(word for words in words_of_answers for word in words)
    weight = {word: math.log(1 + len(answers) / count[word]) for word in count}
    known_words = list(weight)
    unknown = math.log(1 + len(answers))

    shares = [0.0] * len(answers)
    total = 0.0
    for word in _words(text):
        alike = process.extract(
            word, known_words, scorer=fuzz.ratio, score_cutoff=SAME_WORD, limit=None
        )
        same = {known for known, _, _ in alike}
        weight_of_word = min((weight[known] for known in same), default=unknown)
        total += weight_of_word
        for number, words in enumerate(words_of_answers):
            if same & words:
                shares[number] += weight_of_word
    return [share / total if total else 0.0 for share in shares]


def _all_that_is_said(answer: Answer) -> str:
    parts = [answer.question, answer.answer, *answer.messages, *answer.symptoms]
    if answer.is_recipe:
        source = (ROOT / answer.link).read_text(encoding='utf-8')
        parts.append(ast.get_docstring(ast.parse(source)) or '')
    return ' '.join(parts)


def _words(text: str) -> set[str]:
    words = re.findall(r'[a-z0-9]+', text.lower())
    return {word for word in words if len(word) > 1} - set(COMMON_WORDS.split())
