"""Tests of what `grade` finds: in folders and zips, by which names, and which of two files."""

import io
import os
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from helpers.grader.classroom import hand_ins, tables
from helpers.grader.classroom.__main__ import find_learners, main
from helpers.grader.classroom.hand_ins import HandIn
from helpers.grader.classroom.matching import match
from helpers.grader.exercises import EXERCISES, Exercise, all_exercises
from helpers.grader.verdict import Bug, Gate, Verdict
from helpers.kit import ROOT, copy_kit

SOLUTION = (ROOT / '01_sync' / 'test_receive.py').read_text(encoding='utf-8')
MINE = f'{SOLUTION}# mine\n'
STARTER = (ROOT / '01_sync' / '.exercise' / 'test_receive.py').read_text(encoding='utf-8')
HELPERS = (ROOT / 'helpers' / 'async_testing.py').read_text(encoding='utf-8')
ASYNC = (ROOT / '03_asyncio' / 'test_async_receive.py').read_text(encoding='utf-8') + '# mine\n'


def write(folder, files):
    """Write files, with the folders they need; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def zipped(files):
    """Return a zip of files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read(*sources):
    """Read the folders and zips of one learner."""
    hand_in = HandIn()
    for source in sources:
        hand_in.read(source)
    return hand_in


def found(*sources):
    """Return which files count, by exercise, and all the notes."""
    matched = match(read(*sources), all_exercises())
    chosen = {}
    notes = []
    for name, submission in matched.submissions.items():
        chosen[name] = [str(file.path) for file in submission.files.values()]
        notes += submission.notes
    return chosen, notes + matched.notes


@pytest.mark.parametrize(
    'path',
    [
        'test_receive.py',
        '01_sync/my_work/test_receive.py',
        'my_work/test_receive.py',
        '01_sync/test_receive.py',
        'very/deep/in/my folders/test_receive.py',
        'Test_Receive.py',
    ],
)
def test_finds_a_file_at_every_level(tmp_path, path):
    assert found(write(tmp_path, {path: MINE})) == ({'01_sync': [path]}, [])


def test_finds_both_files_of_an_exercise(tmp_path):
    files = {
        'my_helpers.py': HELPERS,
        'tests/test_async_receive.py': ASYNC,
        'tests/my_helpers.py': f'{HELPERS}# mine\n',
    }
    chosen, notes = found(write(tmp_path, files))
    assert chosen == {'03_asyncio': ['tests/my_helpers.py', 'tests/test_async_receive.py']}
    assert notes == ['graded tests/my_helpers.py, not my_helpers.py']


def test_reads_zips_without_unpacking_them(tmp_path):
    handed_in = {'01_sync/my_work/test_receive.py': MINE, '03_asyncio\\my_work\\my_helpers.py': 'x'}
    write(tmp_path, {'gina/work.zip': zipfile_in_a_folder(handed_in), 'gina.zip': zipped({})})
    before = sorted(tmp_path.rglob('*'))
    chosen, notes = found(tmp_path / 'gina', tmp_path / 'gina.zip')
    assert chosen == {
        '01_sync': ['work.zip/folder/inner.zip/01_sync/my_work/test_receive.py'],
        '03_asyncio': ['work.zip/folder/inner.zip/03_asyncio/my_work/my_helpers.py'],
    }
    assert notes == ['gina.zip: nothing in it to grade']
    assert sorted(tmp_path.rglob('*')) == before


def zipfile_in_a_folder(files):
    """Return a zip with a folder in which there is a zip."""
    return zipped({'folder/inner.zip': zipped(files)})


def test_copy_of_the_kit_is_searched_for_the_learners_own_files(tmp_path):
    clone = copy_kit(tmp_path / 'gina' / 'kit-main')
    packed = shutil.make_archive(tmp_path / 'kit-main', 'zip', tmp_path / 'gina')
    assert found(tmp_path / 'gina') == ({}, [])
    assert found(Path(packed)) == ({}, ['kit-main.zip: nothing in it to grade'])
    # Its own kit is another version, with Windows line endings.
    receive = clone / '01_sync' / 'receive.py'
    receive.write_bytes(receive.read_bytes().replace(b'\n', b'\r\n'))
    older = {'03_asyncio/test_async_receive.py': ASYNC, 'helpers/cli.py': '', '01_sync/x.py': ''}
    write(clone, older | {'01_sync/my_work/test_receive.py': MINE})
    chosen, notes = found(tmp_path / 'gina')
    assert chosen == {'01_sync': ['kit-main/01_sync/my_work/test_receive.py']}
    assert notes == [
        'none of the files asked for, so not graded: kit-main/01_sync/x.py',
        "the kit's own file, changed; not in 03_asyncio/my_work, so not graded: "
        'kit-main/03_asyncio/test_async_receive.py',
    ]


@pytest.mark.parametrize(
    'name', ['test_recieve.py', 'test_receive (1).py', 'gina_test_receive.py', 'tests.py']
)
def test_grades_a_misnamed_file_if_it_is_clear_what_it_is(tmp_path, name):
    files = {name: MINE, 'my_work/test_receive.py': STARTER, 'test_async_recieve.py': ASYNC}
    chosen, notes = found(write(tmp_path, files))
    assert chosen == {'01_sync': [name], '03_asyncio': ['test_async_recieve.py']}
    assert notes == [
        f'graded {name} as test_receive.py',
        'graded test_async_recieve.py as test_async_receive.py',
    ]


@pytest.mark.parametrize('name', ['my_helper.py', 'Gina Maria Müller_1234567_my_helpers.py'])
def test_grades_misnamed_helpers_if_they_define_what_is_asked_for(tmp_path, name):
    files = {name: HELPERS, 'helpers.py': '', 'test_async_receive.py': ASYNC}
    chosen, notes = found(write(tmp_path, files))
    assert chosen == {'03_asyncio': ['test_async_receive.py', name]}
    assert notes == [
        f'graded {name} as my_helpers.py',
        'none of the files asked for, so not graded: helpers.py',
    ]


@pytest.mark.parametrize(
    'files',
    [
        {'test_recieve.py': 'def test(): pass'},  # imports something else
        {'test_recieve.py': 'from receive import receive'},  # no tests
        {'a_test_receive.py': MINE, 'b_test_receive.py': MINE},
    ],
)
def test_names_a_file_if_it_is_not_clear_what_it_is(tmp_path, files):
    names = ', '.join(files)
    notes = [f'none of the files asked for, so not graded: {names}']
    assert found(write(tmp_path, files)) == ({}, notes)


@pytest.mark.parametrize(
    ('name', 'reason'),
    [
        ('tests.ipynb', 'not a .py file'),
        ('test_receive.py.txt', 'not a .py file'),
        ('work.tar.gz', 'not a zip'),
        ('broken.zip', 'cannot be read: File is not a zip file'),
    ],
)
def test_names_what_cannot_be_graded(tmp_path, name, reason):
    write(tmp_path, {f'gina/a folder/{name}': 'x'})
    assert found(tmp_path / 'gina') == ({}, [f'a folder/{name}: {reason}'])
    write(tmp_path, {'gina.zip': zipped({name: 'x'})})
    assert found(tmp_path / 'gina.zip') == ({}, [f'gina.zip/{name}: {reason}'])


def test_of_two_files_grades_the_one_in_my_work_or_near_the_top_or_new(tmp_path):
    files = {'test_receive.py': MINE, 'a/test_receive.py': SOLUTION, 'b/test_receive.py': MINE}
    write(tmp_path, files)
    chosen, notes = found(tmp_path)
    assert chosen == {'01_sync': ['test_receive.py']}
    assert notes == ['graded test_receive.py, not a/test_receive.py']  # b has the same content
    (tmp_path / 'test_receive.py').unlink()
    os.utime(tmp_path / 'a' / 'test_receive.py', (5_000_000, 5_000_000))
    assert found(tmp_path)[0] == {'01_sync': ['b/test_receive.py']}
    os.utime(tmp_path / 'b' / 'test_receive.py', (1_000_000, 1_000_000))
    assert found(tmp_path)[0] == {'01_sync': ['a/test_receive.py']}
    write(tmp_path, {'c/d/my_work/test_receive.py': MINE})
    assert found(tmp_path)[0] == {'01_sync': ['c/d/my_work/test_receive.py']}
    write(tmp_path, {'e/f/g/01_sync/my_work/test_receive.py': MINE})
    assert found(tmp_path)[0] == {'01_sync': ['e/f/g/01_sync/my_work/test_receive.py']}
    write(tmp_path, {'e/f/g/01_sync/my_work/test_receive.py': STARTER})
    assert found(tmp_path)[0] == {'01_sync': ['c/d/my_work/test_receive.py']}


def test_zip_beside_the_folders_is_no_further_down_than_a_folder(tmp_path):
    write(
        tmp_path, {'gina/test_receive.py': SOLUTION, 'gina.zip': zipped({'test_receive.py': MINE})}
    )
    os.utime(tmp_path / 'gina' / 'test_receive.py', (1_000_000, 1_000_000))
    chosen, _ = found(tmp_path / 'gina', tmp_path / 'gina.zip')
    assert chosen == {'01_sync': ['gina.zip/test_receive.py']}


def test_kits_own_solution_counts_in_my_work(tmp_path):
    write(tmp_path, {'01_sync/test_receive.py': SOLUTION})
    assert found(tmp_path) == ({}, [])
    write(tmp_path, {'my_work/01_sync/test_receive.py': SOLUTION})
    assert found(tmp_path) == ({'01_sync': ['my_work/01_sync/test_receive.py']}, [])


def own_exercise(folder, module, tests):
    """Write an exercise of one's own, whose code and tests do nothing; return it."""
    write(
        folder,
        {
            'exercise.toml': f"""
title = "Own"
minutes = 5
read = []
source = "{module}"
[[write]]
file = "{tests}"
[[bug]]
name = "bug"
old = "1"
new = "2"
symptom = "?"
ask = "?"
""",
            module: 'number = 1\n',
            f'starter/{tests}': STARTER,
            f'solution/{tests}': MINE,
        },
    )
    return Exercise(folder)


def test_leaves_out_the_copy_of_the_code_beside_the_tests(tmp_path):
    drill = own_exercise(tmp_path / 'own' / 'a_drill', 'drill.py', 'test_drill.py')
    files = {'my_work/a_drill/test_drill.py': MINE, 'my_work/a_drill/drill.py': 'number = 3\n'}
    matched = match(read(write(tmp_path / 'gina', files)), [drill])
    assert list(matched.submissions) == ['a_drill']
    assert matched.notes == []


def test_tells_exercises_apart_that_ask_for_the_same_name(tmp_path):
    first = EXERCISES['01_sync']
    second = own_exercise(tmp_path.with_name('own') / 'a_drill', 'drill.py', 'test_receive.py')
    theirs = MINE.replace('from receive import', 'from drill import')
    files = {'x/test_receive.py': MINE, 'y/test_receive.py': theirs, 'z/test_receive.py': '?'}
    matched = match(read(write(tmp_path, files)), [first, second])
    chosen = {
        name: str(submission.files['test_receive.py'].path)
        for name, submission in matched.submissions.items()
    }
    assert chosen == {'01_sync': 'x/test_receive.py', 'a_drill': 'y/test_receive.py'}
    assert matched.notes == ['none of the files asked for, so not graded: z/test_receive.py']
    write(tmp_path, {'my_work/a_drill/test_receive.py': '?'})
    submission = match(read(tmp_path), [first, second]).submissions['a_drill']
    assert str(submission.files['test_receive.py'].path) == 'my_work/a_drill/test_receive.py'


def test_starter_counts_as_unchanged_whatever_its_line_endings(tmp_path):
    write(tmp_path, {'test_receive.py': STARTER.replace('\n', '\r\n')})
    submission = match(read(tmp_path), all_exercises()).submissions['01_sync']
    assert submission.is_the_starter
    write(tmp_path, {'test_receive.py': f'{STARTER}#'})
    submission = match(read(tmp_path), all_exercises()).submissions['01_sync']
    assert not submission.is_the_starter


@pytest.mark.parametrize(
    'name',
    ['../test_receive.py', 'a/../../test_receive.py', '/test_receive.py', 'C:/test_receive.py']
    + ['..\\test_receive.py', '\\\\server\\share\\test_receive.py', 'C:test_receive.py'],
)
def test_refuses_a_path_that_leads_out_of_a_zip(tmp_path, name):
    write(tmp_path, {'gina.zip': zipped({name: MINE})})
    chosen, (note,) = found(tmp_path / 'gina.zip')
    assert chosen == {}
    assert note.endswith('test_receive.py: a path that leads out of the zip')


@pytest.mark.skipif(os.name != 'posix', reason='on Windows, links need a privilege')
def test_follows_no_links(tmp_path):
    write(tmp_path, {'secret/test_receive.py': MINE, 'gina/a/b.txt': ''})
    (tmp_path / 'gina' / 'a' / 'folder').symlink_to(tmp_path / 'secret')
    (tmp_path / 'gina' / 'a' / 'loop').symlink_to(tmp_path / 'gina')
    (tmp_path / 'gina' / 'test_receive.py').symlink_to(tmp_path / 'secret' / 'test_receive.py')
    link = zipfile.ZipInfo('test_receive.py')
    link.external_attr = 0o120777 << 16
    write(tmp_path, {'gina/work.zip': zipped({link: '/etc/passwd'})})
    chosen, notes = found(tmp_path / 'gina')
    assert chosen == {}
    links = ['test_receive.py', 'work.zip/test_receive.py', 'a/folder', 'a/loop']
    assert notes == [f'{name}: a link, which is not followed' for name in links]


def test_expands_no_bomb(tmp_path):
    honest = zipped({'test_receive.py': bytes(3_000_000)})
    lying = honest.replace((3_000_000).to_bytes(4, 'little'), (1000).to_bytes(4, 'little'))
    nested = zipped({'a.zip': zipped({'b.zip': zipped({'test_receive.py': MINE})})})
    large = zipped({'a.zip': bytes(10_000_001)})
    files = {'honest.zip': honest, 'large.zip': large, 'lying.zip': lying, 'nested.zip': nested}
    chosen, notes = found(write(tmp_path, files))
    assert chosen == {}
    assert notes == [
        'honest.zip/test_receive.py: more than 1,000,000 bytes',
        'large.zip/a.zip: more than 10 MB in a zip',
        "lying.zip/test_receive.py: cannot be read: Bad CRC-32 for file 'test_receive.py'",
        'nested.zip/a.zip/b.zip: a zip in a zip in a zip',
    ]


def test_reads_a_zip_that_lies_about_sizes_only_as_far_as_it_says(tmp_path, monkeypatch):
    sizes = []
    read = zipfile.ZipExtFile.read

    def spy(file, size=-1):
        sizes.append(size)
        return read(file, size)

    monkeypatch.setattr(zipfile.ZipExtFile, 'read', spy)
    write(tmp_path, {'gina.zip': zipped({'test_receive.py': 'x' * 500})})
    found(tmp_path / 'gina.zip')
    assert sizes == [501]


def test_reads_no_more_files_and_bytes_than_the_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(hand_ins, 'MAX_FILES', 2)
    monkeypatch.setattr(hand_ins, 'MAX_TOTAL', 3)
    write(tmp_path, {f'gina/{number}.py': 'xx' for number in range(4)})
    hand_in = read(tmp_path / 'gina')
    assert [file.path.name for file in hand_in.files] == ['0.py']
    assert hand_in.not_read == [
        '1.py: more than 0 MB in all',
        '2.py: more than 2 files; the rest was not read',
    ]
    monkeypatch.setattr(hand_ins, 'MAX_ZIP', 3)
    write(tmp_path, {'gina.zip': 'more'})
    (note,) = read(tmp_path / 'gina.zip').not_read
    assert note.startswith('gina.zip: more than 0 MB')


def test_many_notes_are_cut_short(tmp_path):
    packed = zipped({f'{"x" * 600}{number}.py': '' for number in range(99)})
    _, notes = found(write(tmp_path, {'work.zip': packed}))
    assert len(notes) == 11
    assert notes[0] == 'work.zip: in it, a path of more than 500 characters'
    assert notes[-1] == 'and 89 more notes like these'


def test_long_runs_of_blank_lines_take_no_time(tmp_path):
    blank = {f'{letter}.py': '\n' * 900_000 for letter in 'ab'}
    start = time.perf_counter()
    found(write(tmp_path, blank))
    assert time.perf_counter() - start < 5


def test_names_are_shown_without_what_a_terminal_would_obey():
    assert tables.printable('a\x1b[2J\udcff\r é\n') == 'a?[2J?? é\n'


def test_reports_an_encrypted_zip(tmp_path):
    packed = bytearray(zipped({'test_receive.py': MINE}))
    packed[6] |= 1
    packed[packed.index(b'PK\1\2') + 8] |= 1
    _, notes = found(write(tmp_path, {'work.zip': bytes(packed)}))
    reason = 'encrypted; ask for a zip without a password'
    assert notes == [f'work.zip/test_receive.py: {reason}']


def test_reports_a_zip_in_an_unusual_compression(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_BZIP2) as archive:
        archive.writestr('test_receive.py', MINE)
    chosen, (note,) = found(write(tmp_path, {'work.zip': packed.getvalue()}))
    assert chosen == {}
    assert 'compressed in an unusual way' in note


def test_one_broken_zip_hides_no_other_file(tmp_path):
    files = {'a.zip': zipped({'test_receive.py': MINE})[:-9], 'b/test_receive.py': MINE}
    chosen, notes = found(write(tmp_path, files))
    assert chosen == {'01_sync': ['b/test_receive.py']}
    assert notes == ['a.zip: cannot be read: File is not a zip file']


def test_folders_and_zips_are_learners_and_other_files_are_loose(tmp_path):
    write(tmp_path, {'gina/a.py': '', 'Gina B.ZIP': '', 'gina.zip': '', 'loose.py': ''})
    write(tmp_path, {'.DS_Store': '', '__MACOSX/a.zip': '', 'grades.csv': '', 'ann.7z': ''})
    learners, loose = find_learners(tmp_path)
    assert list(learners) == ['Gina B', 'gina']
    assert learners['gina'] == [tmp_path / 'gina', tmp_path / 'gina.zip']
    assert loose == ['ann.7z', 'loose.py']


def verdict(stage, passed, caught=0):
    """Return a verdict: how many gates are passed, and how many of two bugs are caught."""
    names = EXERCISES[stage].gates
    gates = [Gate(name, index < passed) for index, name in enumerate(names)]
    bugs = [Bug('bug', ['test']) if index < caught else Bug(missed='?') for index in range(2)]
    return Verdict(stage, gates, bugs if passed >= names.index('bugs') else [])


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Return a room of five, none of whom has done exercise 2."""
    monkeypatch.setitem(EXERCISES['01_sync'].__dict__, 'bugs', EXERCISES['01_sync'].bugs[:2])
    monkeypatch.setitem(EXERCISES['03_asyncio'].__dict__, 'bugs', EXERCISES['03_asyncio'].bugs[:2])
    matched = {name: match(HandIn(), all_exercises()) for name in ('ann', 'bob', 'cy', 'di', 'ed')}
    results = {
        ('ann', '01_sync'): verdict('01_sync', 3, 1),
        ('bob', '01_sync'): verdict('01_sync', 4, 2),
        ('cy', '01_sync'): verdict('01_sync', 1),
        ('di', '01_sync'): verdict('01_sync', 3, 0),
        ('ed', '01_sync'): tables.STARTER,
        ('ann', '03_asyncio'): verdict('03_asyncio', 0),
    }
    return tables.Room(all_exercises(), matched, results)


def test_missed_bugs_are_counted_among_those_who_reached_them(room):
    first, second = EXERCISES['01_sync'].bugs
    expected = [('01_sync', second.name, 2, 3), ('01_sync', first.name, 1, 3)]
    assert tables.missed_bugs(room) == expected


def test_counts_how_many_stand_at_each_gate(room):
    counts = tables.stands(room, EXERCISES['01_sync'])
    assert counts == {'found': 0, 'passes': 1, 'branches': 0, 'bugs': 2, 'solved': 1}


def test_only_exercises_that_somebody_handed_in_have_a_column(room, tmp_path):
    tables.write(room, tmp_path)
    head = (tmp_path / 'grades.csv').read_text('utf-8-sig').splitlines()[0]
    assert head == (
        'learner,01_sync,01_sync: gates passed of 4,01_sync: bugs caught of 2,'
        '03_asyncio,03_asyncio: gates passed of 5,03_asyncio: bugs caught of 2,notes'
    )
    assert [column.header for column in next(tables.render(room)).columns] == [
        'learner',
        '01_sync',
        '03_asyncio',
    ]


def test_table_stays_narrow_with_many_exercises(room, monkeypatch):
    monkeypatch.setattr(tables, 'WIDE', 1)
    learner, solved, others = next(tables.render(room)).columns
    assert list(solved.cells) == ['0 of 2', '1 of 2', '0 of 2', '0 of 2', '0 of 2']
    assert list(map(str, others.cells)) == [
        '01_sync: bugs 1 of 2, 03_asyncio: helpers',
        '',
        '01_sync: passes',
        '01_sync: bugs 0 of 2',
        '01_sync: starter',
    ]


def test_workflow_in_the_readme_grades_every_exercise_that_is_there(run_here, tmp_path):
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    (checkout,) = re.findall('path: (class/.*?),', readme)
    (arguments,) = re.findall(r'nox -s grade -- (\.\./class.*)', readme)
    folder, *options = arguments.split()
    (tmp_path / 'kit').mkdir()
    submission = tmp_path / checkout
    write(submission, {'test_receive.py': SOLUTION})
    shutil.copy(ROOT / '03_asyncio' / '.exercise' / 'my_helpers.py', submission)
    status, output, errors = run_here(main, tmp_path / 'kit' / folder, *options)
    assert (status, errors) == (1, '')
    assert 'solved' in output
    assert 'starter unchanged' in output
    (submission / 'my_helpers.py').unlink()
    status, output, errors = run_here(main, tmp_path / 'kit' / folder, *options)
    assert (status, errors) == (0, '')


@pytest.mark.parametrize('wrong', ['missing', 'empty', 'gina'])
def test_refuses_a_folder_without_learners(run_here, tmp_path, wrong):
    (tmp_path / 'empty').mkdir()
    (tmp_path / 'gina' / '01_sync').mkdir(parents=True)
    status, output, errors = run_here(main, tmp_path / wrong)
    assert (status, output) == (2, '')
    assert wrong in errors
