"""How do I test that an async function raises an exception?

`await` it inside `with pytest.raises(...)` or `with self.assertRaises(...)`. Handed to
`assertRaises`, or called without `await`, it only makes a coroutine, so nothing is raised: "DID NOT
RAISE", "ValueError not raised", or a test that passes falsely because it expects too much. A task
raises where it is awaited, not where it is created; a TaskGroup wraps what its tasks raise in an
ExceptionGroup.
"""

import asyncio
import unittest

import pytest


async def withdraw(balance, amount):
    if amount > balance:
        raise ValueError(f'only {balance} left')
    return balance - amount


@pytest.mark.filterwarnings('ignore:coroutine .* was never awaited')
class WrongWay(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_assert_raises(self):
        with self.assertRaisesRegex(AssertionError, 'ValueError not raised'):
            self.assertRaises(ValueError, withdraw, 10, 20)

    async def test_wrong_way_no_await(self):
        with self.assertRaisesRegex(pytest.fail.Exception, 'DID NOT RAISE'):
            with pytest.raises(ValueError, match='only 10 left'):
                withdraw(10, 20)

    async def test_wrong_way_not_where_a_task_is_created(self):
        with self.assertRaisesRegex(pytest.fail.Exception, 'DID NOT RAISE'):
            with pytest.raises(ValueError, match='only 10 left'):
                task = asyncio.create_task(withdraw(10, 20))
        await asyncio.wait([task])
        self.assertIsInstance(task.exception(), ValueError)


class RightWay(unittest.IsolatedAsyncioTestCase):
    async def test_right_way(self):
        with self.assertRaisesRegex(ValueError, 'only 10 left'):
            await withdraw(10, 20)

    async def test_right_way_with_pytest(self):
        with pytest.raises(ValueError, match='only 10 left'):
            await withdraw(10, 20)

    async def test_right_way_for_a_task(self):
        task = asyncio.create_task(withdraw(10, 20))
        with pytest.raises(ValueError, match='only 10 left'):
            await task

    async def test_right_way_no_exception(self):
        self.assertEqual(await withdraw(10, 7), 3)
