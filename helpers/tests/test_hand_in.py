"""Tests of `nox -s hand_in`: what is packed, what is left out, and which names it refuses."""

import os
import subprocess
import sys
import zipfile

import pytest

from helpers.workshop import hand_in


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Let the kit be an empty folder with a my_work folder; return the latter."""
    monkeypatch.setattr(hand_in, 'ROOT', tmp_path)
    work = tmp_path / '03_asyncio' / 'my_work'
    work.mkdir(parents=True)
    return work


@pytest.fixture
def pack(monkeypatch, capsys):
    """Return what runs the command: it gives the exit status, standard output and errors."""

    def pack(*words):
        monkeypatch.setattr(sys, 'argv', ['hand_in', *words])
        try:
            status = hand_in.main()
        except SystemExit as exit:
            status = exit.code
        return status, *capsys.readouterr()

    return pack


def names(path):
    """Return the names of what is in a zip, which has to be sound."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_packs_all_work_and_nothing_else(tmp_path, work, pack):
    (tmp_path / '01_sync' / 'my_work').mkdir(parents=True)
    (work / 'a drill').mkdir()
    for wanted in '01_sync/my_work/test_receive.py', '03_asyncio/my_work/a drill/test_it.py':
        (tmp_path / wanted).write_text('mine', encoding='utf-8')
    unwanted = ['.progress.json', '.git/config', '__pycache__/a.pyc', 'env/pyvenv.cfg', 'env/a.py']
    unwanted += ['__MACOSX/a.py', 'a.pyc']
    for name in unwanted:
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).touch()
    (tmp_path / '01_sync' / 'receive.py').touch()
    (work / 'data.bin').write_bytes(bytes(1_000_001))
    status, output, errors = pack('Gina', 'Müller')
    assert (status, errors) == (0, '')
    expected = ['01_sync/my_work/test_receive.py', '03_asyncio/my_work/a drill/test_it.py']
    assert names(tmp_path / 'Gina Müller.zip') == expected
    assert str(tmp_path / 'Gina Müller.zip') in output
    assert 'Left out: 03_asyncio/my_work/data.bin, more than 1,000,000 bytes' in output


@pytest.mark.skipif(os.name != 'posix', reason='on Windows, links need a privilege')
def test_leaves_out_links_that_lead_elsewhere(tmp_path, work, pack):
    (work / 'test_it.py').write_text('mine', encoding='utf-8')
    (tmp_path / 'secret').mkdir()
    (tmp_path / 'secret' / 'key.py').touch()
    (work / 'folder').symlink_to(tmp_path / 'secret')
    (work / 'file.py').symlink_to(tmp_path / 'secret' / 'key.py')
    (work / 'gone.py').symlink_to('gone')
    (work / 'inside.py').symlink_to('test_it.py')
    _, output, _ = pack('gina')
    packed = ['03_asyncio/my_work/inside.py', '03_asyncio/my_work/test_it.py']
    assert names(tmp_path / 'gina.zip') == packed
    for name in 'folder', 'file.py':
        assert f'my_work/{name}, a link that leads out of my_work' in output


def test_same_work_gives_the_same_zip(tmp_path, work, pack):
    (work / 'test_it.py').write_text('mine', encoding='utf-8')
    pack('gina')
    first = (tmp_path / 'gina.zip').read_bytes()
    (work / 'test_it.py').chmod(0o600)
    _, output, _ = pack('gina.zip')
    assert (tmp_path / 'gina.zip').read_bytes() == first
    assert 'before' not in output
    assert [path.name for path in tmp_path.glob('*.zip')] == ['gina.zip']


def test_keeps_the_zip_that_was_there(tmp_path, work, pack):
    (work / 'test_it.py').write_text('mine', encoding='utf-8')
    for number in 1, 2:
        (tmp_path / 'gina.zip').write_text(f'old {number}', encoding='utf-8')
        _, output, _ = pack('gina')
        assert f'is now old{number}_gina.zip' in output
        assert (tmp_path / f'old{number}_gina.zip').read_text('utf-8') == f'old {number}'
    assert names(tmp_path / 'gina.zip') == ['03_asyncio/my_work/test_it.py']


@pytest.mark.parametrize(
    ('name', 'says'),
    [
        ('', 'nox -s hand_in -- gina'),
        ('../gina', "'/'"),
        (r'C:\gina', "':'"),
        ('a\\b', r"'\\'"),
        ('gina?', "'?'"),
        ('con', "reserves the name 'con'"),
        ('Lpt1.work', "reserves the name 'Lpt1.work'"),
        ('.gina', 'begins with'),
        ('gina.', 'ends with'),
    ],
)
def test_refuses_what_cannot_be_the_name_of_a_file(tmp_path, work, pack, name, says):
    (work / 'test_it.py').write_text('mine', encoding='utf-8')
    status, output, errors = pack(name)
    assert (status, output, errors.count('\n')) == (2, '', 1)
    assert says in errors
    assert not list(tmp_path.glob('**/*.zip'))


def test_reports_that_there_is_nothing_to_hand_in(tmp_path, work, pack):
    (work / '.progress.json').touch()
    status, output, errors = pack('gina')
    assert (status, output) == (2, '')
    assert 'nox -s 01_exercise' in errors
    assert not (tmp_path / 'gina.zip').exists()


def test_reports_that_it_cannot_write(tmp_path, work, pack):
    (work / 'test_it.py').write_text('mine', encoding='utf-8')
    (tmp_path / 'gina.zip').mkdir()  # in its way
    status, output, errors = pack('gina')
    assert (status, output, errors.count('\n')) == (2, '', 1)
    assert 'Cannot pack your work' in errors
    assert [path.name for path in tmp_path.iterdir() if path.suffix == '.new'] == []


def test_session_writes_to_the_kits_folder(kit):
    work = kit / '01_sync' / 'my_work'
    work.mkdir()
    (work / 'test_receive.py').write_text('mine', encoding='utf-8')
    nox = [sys.executable, '-m', 'nox', '-s', 'hand_in', '--', 'gina']
    subprocess.run(nox, cwd=kit, check=True, capture_output=True)
    assert names(kit / 'gina.zip') == ['01_sync/my_work/test_receive.py']
