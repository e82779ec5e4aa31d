"""What to say about a file that cannot be imported, a test that fails, a process that ends."""

import re
from typing import Any

from helpers.grader.failure import Failure, is_the_learners, sentence, short
from helpers.grader.recognize import (
    DEBUGGERS,
    RECOGNIZED,
    STOPPING,
    import_advice,
    patch_where,
    unawaited,
)
from helpers.grader.source import Code, Source
from helpers.grader.supervisor import WorkerDied
from helpers.grader.verdict import GateFailed


def failed(failure: Failure) -> GateFailed:
    """Explain a test that fails on the correct code."""
    for recognize in RECOGNIZED:
        if advice := recognize(failure):
            message, next_step = advice
            return GateFailed(_where(failure, message), next_step)
    return GateFailed(
        _where(failure, f'your test fails: {short(failure.kind, failure.text)}'),
        f'See it whole: {failure.command}',
    )


def _where(failure: Failure, message: str) -> str:
    if message.startswith(failure.name):
        return message
    return f'{failure.name}, line {failure.line}: {message}'


def not_imported(error: dict[str, Any], source: Source, code: Code) -> GateFailed:
    """Explain why a file cannot be imported."""
    kind, text, line = error['type'], error['text'], error['line']
    where = f'{error["file"]}, line {line}' if line else 'Your file'
    if kind in ('SyntaxError', 'IndentationError', 'TabError'):
        why = re.sub(r' ?\([\w.<>]+, line \d+\)$', '', text)
        return GateFailed(f'{where}: syntax error: {sentence(why)}', f'Fix line {line}, and save.')
    if 'import' in error:
        advice = import_advice(error, source, code)
        assert advice is not None
        return GateFailed(f'{where}: {advice[0]}', advice[1])
    if kind in ('Skipped', 'SkipTest'):
        return GateFailed('Your file skips itself: not one test runs.', 'Remove the skip.')
    if kind == 'SystemExit' and any(f['module'] == 'unittest.main' for f in error['frames']):
        return GateFailed(
            f'{where}: unittest.main() runs the tests, and ends the program: SystemExit.',
            'Remove it: pytest runs your tests.',
        )
    if any(frame['module'] in DEBUGGERS for frame in error['frames']):
        return GateFailed(f'{where}: a breakpoint() cannot stop here.', 'Remove it.')
    if kind in STOPPING:
        why = f'{where}: importing your file ends the program: {kind}.'
        return GateFailed(why, 'Remove what ends it.')
    patching = error.get('patching')
    if patching and patching['kind'] == 'str':
        return GateFailed(
            f"{where}: '{patching['name']}' says which name to patch and not where.",
            patch_where(code, patching['name']),
        )
    if not line and kind in ('Failed', 'CollectError'):
        return GateFailed(f'pytest says: {sentence(text)}', 'Fix that, and save.')
    if kind == 'NameError':
        name = (error.get('attribute') or {}).get('name')
        next_step = (
            f'Import it: from {code.module} import {name}.'
            if name in code.public
            else 'A typo, or a missing import?'
        )
    else:
        next_step = f'Fix line {line}.' if line else 'Fix that.'
    return GateFailed(f'{where}: importing your file raises {short(kind, text)}', next_step)


def check_failed(check: str, error: dict[str, Any], file: str) -> GateFailed:
    """Explain a check of a file that fails; its text may have a next step after NEXT."""
    text, _, next_step = error.get('text', '').partition('\nNEXT: ')
    if error.get('type') not in ('AssertionError', 'Failed'):
        where = f' (line {error["line"]})' if error.get('line') else ''
        text = f'{check}: {error.get("type")}{where}: {text}'
    return GateFailed(text.strip(), next_step or f'Fix {file}.')


def ended(ended: WorkerDied, code: Code, when: str = '') -> GateFailed:
    """Explain why the worker ended before its work was done."""
    line = f', line {ended.line}' if ended.line else ''
    who = f'{ended.test}{line}' if ended.test else f'Importing your file{line}'
    if str(ended) == 'stuck' and ended.waits_in and not when:
        return GateFailed(
            f'{who}: stuck, and stopped when its time was up. It waits in line {ended.waits_in} of '
            f'{code.module}.py: {code.line(ended.waits_in)}',
            'Make what it waits for happen, or replace it with a mock: a test should not really '
            'wait.',
        )
    if str(ended) == 'stuck':
        return GateFailed(
            f'{who}: stuck{when}, and stopped when its time was up.',
            'A test must end by itself, even when the code is wrong: with a timeout below 2 s.'
            if when
            else 'Look for a loop that never ends, a wait for what never comes, or a long sleep.',
        )
    if ended.broken:
        return GateFailed(
            f'{who} breaks what the tests after it need{when} ({ended}).',
            'Leave the files, the modules of Python and pytest as they were.',
        )
    return GateFailed(
        f'{who}: ended the whole process{when} ({ended}), and with it the grading.',
        'A test must return or raise: no os._exit, no signals.',
    )


def made_and_not_run(
    run: dict[str, Any], source: Source, code: Code, file: str
) -> GateFailed | None:
    """Explain the first coroutine that a run made in the tests and never awaited, if any."""
    for coroutine in run['never_awaited']:
        made = coroutine['made']
        if not is_the_learners(coroutine):
            continue  # a coroutine that a library makes for itself
        if made and made['file'] != file:
            continue
        tests = [test for test in run['tests'].values() if test['name'] == coroutine['test']]
        isolated = bool(tests) and (tests[0].get('facts') or {}).get('isolated', False)
        if advice := unawaited(coroutine, source, code, isolated):
            message, next_step = advice
            if made and not message.startswith(('setUp', 'tearDown')):
                message = f'{made["function"]}, line {made["line"]}: {message}'
            return GateFailed(message, next_step)
    return None
