"""How do I test a handler of a Telegram bot, or a command of a Discord bot?

A handler is an async function: await it, with mocks for the two objects that it takes. Telegram's
own objects cannot be changed, so a real Message with a mocked `reply_text` does not work; use
MagicMocks with the specs Update, Message and CallbackContext, whose methods are asynchronous where
the real ones are. With discord.py, await the `callback` of the command, and give it a MagicMock
with the spec commands.Context: `await weather.callback(context, 'Rome')`.
Needs: `telegram` (the package python-telegram-bot).
"""

import datetime
import unittest
from unittest import mock

from telegram import Chat, Message, Update
from telegram.ext import CallbackContext


async def weather(update, context):
    city = ' '.join(context.args)
    await update.message.reply_text(f'It is sunny in {city}.')


class TestWeather(unittest.IsolatedAsyncioTestCase):
    def test_wrong_way(self):
        now = datetime.datetime.now(datetime.UTC)
        message = Message(message_id=1, date=now, chat=Chat(id=1, type='private'))
        with self.assertRaisesRegex(AttributeError, "`reply_text` of class `Message` can't be set"):
            message.reply_text = mock.AsyncMock()

    async def test_right_way(self):
        message = mock.MagicMock(spec=Message)
        update = mock.MagicMock(spec=Update, message=message)
        context = mock.MagicMock(spec=CallbackContext, args=['New', 'York'])
        await weather(update, context)
        message.reply_text.assert_awaited_once_with('It is sunny in New York.')
