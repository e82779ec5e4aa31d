"""Write the tables of answers into README.md and the recipes' README.md, from index.toml.

Run it after a change of index.toml: python -m helpers.answers.pages
"""

import dataclasses

from helpers.answers.index import RECIPES, Answer, read_index
from helpers.cli import Parser
from helpers.kit import ROOT

TOPICS = {  # the folders, in the order of the page
    'mocking': 'Mocking',
    'running': 'Running a test',
    'fixtures_and_loops': 'Fixtures and event loops',
    'tasks': 'Tasks',
    'time': 'Time',
    'frameworks': 'Frameworks and libraries',
    'green_threads': 'Green threads, and coverage',
}
LESSONS = 'In the lessons'
TABLE = '| Error message, or symptom | Answer |\n|---|---|\n'


def main() -> None:
    """Write both tables, where they differ."""
    Parser(prog='python -m helpers.answers.pages', description=__doc__).parse_args()
    for page, text in pages(read_index()).items():
        path = ROOT / page
        if path.read_text(encoding='utf-8') != text:
            path.write_text(text, encoding='utf-8', newline='\n')
            print(f'written: {page}')


def pages(answers: list[Answer]) -> dict[str, str]:
    """Return the text that each page should have: path, from the kit's folder, to text."""
    return {
        'README.md': _with_table('README.md', most_asked(answers)),
        f'{RECIPES}/README.md': _with_table(f'{RECIPES}/README.md', by_topic(answers)),
    }


def most_asked(answers: list[Answer]) -> str:
    """Return the table for the README of the kit: it has only the first symptom of each answer."""
    chosen = [
        dataclasses.replace(answer, symptoms=answer.symptoms[:1])
        for answer in answers
        if answer.most_asked
    ]
    return table(chosen, up='')


def table(answers: list[Answer], up: str) -> str:
    """Return a table of answers, for a page that reaches the kit's folder by the path `up`."""
    rows = [
        f'| {cell(asked(answer))} | {cell(answer.answer)} [{answer.question}]({up}{answer.link}) |'
        for answer in answers
    ]
    return TABLE + '\n'.join(rows) + '\n'


def by_topic(answers: list[Answer]) -> str:
    """Return a heading and a table for each topic."""
    titles = {f'{RECIPES}/{folder}/': title for folder, title in TOPICS.items()}
    parts = []
    for start, title in titles.items():
        chosen = [answer for answer in answers if answer.link.startswith(start)]
        if chosen:
            parts.append(f'## {title}\n\n{table(chosen, "../../")}')
    lessons = [answer for answer in answers if not answer.is_recipe]
    parts.append(f'## {LESSONS}\n\n{table(lessons, "../../")}')
    return '\n'.join(parts)


def asked(answer: Answer) -> str:
    """Return an answer's messages and symptoms, each on a line of its own."""
    messages = [f'`{message}`' for message in answer.messages]
    return '<br>'.join([*messages, *answer.symptoms])


def cell(text: str) -> str:
    """Return a text that may stand in a cell of a table."""
    return text.replace('|', '\\|')


def _with_table(page: str, tables: str) -> str:
    """Return a page with its tables replaced: they stand between two comments."""
    begin = '<!-- answers: made by python -m helpers.answers.pages -->\n'
    end = '<!-- end of answers -->\n'
    text = (ROOT / page).read_text(encoding='utf-8')
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f'{before}{begin}\n{tables}\n{end}{after}'


if __name__ == '__main__':
    main()
