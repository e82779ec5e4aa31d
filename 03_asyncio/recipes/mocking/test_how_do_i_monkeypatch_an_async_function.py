"""How do I replace an async function with `monkeypatch.setattr`?

By something that returns an awaitable: a lambda or a plain function returns the result itself,
which cannot be awaited. Write a small `async def` function with the same arguments (a method's
replacement takes `self`, too), or set an AsyncMock, if you want to ask afterwards how it was
awaited.
"""

import asyncio
from unittest import mock

import pytest


async def fetch(path): ...


class Users:
    async def name(self, number):
        user = await fetch(f'/users/{number}')
        return user['name']


async def greet(users, number):
    return f'Hello {await users.name(number)}'


def test_wrong_way_with_a_lambda(monkeypatch):
    monkeypatch.setattr(f'{__name__}.fetch', lambda path: {'name': 'Ann'})
    message = "object dict can't be used in 'await' expression|'dict' object can't be awaited"
    with pytest.raises(TypeError, match=message):
        asyncio.run(greet(Users(), 1))


def test_wrong_way_without_self(monkeypatch):
    async def name(number): ...

    monkeypatch.setattr(Users, 'name', name)
    with pytest.raises(TypeError, match='takes 1 positional argument but 2 were given'):
        asyncio.run(greet(Users(), 1))


def test_right_way(monkeypatch):
    async def fake_fetch(path):
        return {'/users/1': {'name': 'Ann'}}[path]

    monkeypatch.setattr(f'{__name__}.fetch', fake_fetch)
    assert asyncio.run(greet(Users(), 1)) == 'Hello Ann'


def test_right_way_for_a_method(monkeypatch):
    async def fake_name(self, number):
        return {1: 'Ann'}[number]

    monkeypatch.setattr(Users, 'name', fake_name)
    assert asyncio.run(greet(Users(), 1)) == 'Hello Ann'


def test_right_way_with_an_asyncmock(monkeypatch):
    fake_fetch = mock.AsyncMock(return_value={'name': 'Ann'})
    monkeypatch.setattr(f'{__name__}.fetch', fake_fetch)
    assert asyncio.run(greet(Users(), 1)) == 'Hello Ann'
    fake_fetch.assert_awaited_once_with('/users/1')
