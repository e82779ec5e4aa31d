"""Find the recipe, or the section of a lesson, that explains an error message.

Give the message, or describe what happens, in quotation marks; or paste a whole traceback into
standard input. Exit status: 0 if something comes close, 1 if nothing does, 2 for a usage error, 130
after Ctrl-C.
"""

import json
import re
import sys
from typing import TYPE_CHECKING

from helpers.answers.index import read_index
from helpers.cli import Parser, quiet_on_ctrl_c, replace_unprintable_characters

if TYPE_CHECKING:
    from helpers.answers.find import Match

END_OF_INPUT = 'Ctrl-Z, then Enter' if sys.platform == 'win32' else 'Ctrl-D'


@quiet_on_ctrl_c
def main() -> int:
    """Print the answers, and return the exit status."""
    replace_unprintable_characters()
    parser = Parser(prog='nox -s answer --', description=__doc__)
    parser.add_argument('text', metavar='TEXT', nargs='*', help='what Python prints, or a question')
    parser.add_argument('--json', action='store_true', help='print the answers as JSON')
    options = parser.parse_args()
    try:
        from helpers.answers.find import find
    except ModuleNotFoundError as error:
        parser.exit(2, f'{error.name} is not installed: run nox -s answer, which installs it\n')

    text = ' '.join(options.text) or read_standard_input()
    if not text.strip():
        parser.error("there is nothing to look for: nox -s answer -- 'was never awaited'")
    matches = find(text, read_index())
    fitting = [match for match in matches if match.fits]
    if options.json:
        print_json(fitting)
        return 0 if fitting else 1
    if fitting:
        print_answers(fitting)
        return 0
    print('The kit has no answer that comes close. Search the web for')
    print(f'  {line_to_search_for(text)}')
    if matches:
        print('Or perhaps one of these helps:')
        print_answers(matches)
    return 1


def read_standard_input() -> str:
    """Return what is pasted, or comes from a pipe."""
    if sys.stdin.isatty():
        print(f'Paste the message, or the whole traceback; then press {END_OF_INPUT}:', flush=True)
    return sys.stdin.read()


def print_answers(matches: 'list[Match]') -> None:
    """Print each answer: the question, one sentence, and the file."""
    for number, match in enumerate(matches, start=1):
        print(f'{number}. {match.answer.question}')
        print(f'   {match.answer.answer}')
        print(f'   {match.answer.link}')


def print_json(matches: 'list[Match]') -> None:
    """Print a list of objects with link, question, answer and score."""
    found = [
        {
            'link': match.answer.link,
            'question': match.answer.question,
            'answer': match.answer.answer,
            'score': round(match.score, 3),
        }
        for match in matches
    ]
    print(json.dumps(found, indent=2))


def line_to_search_for(text: str) -> str:
    """Return the last line of a traceback, or of anything else, without what is one's own."""
    lines = [line.strip().removeprefix('E ').strip() for line in text.splitlines()]
    said = [line for line in lines if line]
    errors = [line for line in said if re.match(r'[\w.]+(Error|Exception|Warning)\b', line)]
    line = (errors or said)[-1]
    return re.sub(r' at 0x[0-9a-fA-F]+', '', line)


if __name__ == '__main__':
    sys.exit(main())
