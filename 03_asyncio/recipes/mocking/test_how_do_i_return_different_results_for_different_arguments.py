"""How do I let an AsyncMock return different results for different arguments?

Give it a function as `side_effect`: it gets the arguments, and returns a result or raises. A list
as `side_effect` answers in the order of the calls, whatever their arguments: as soon as the code
asks in another order, or at once with gather, the answers are swapped. A function that returns
`mock.DEFAULT` leaves the answer to `return_value`.
"""

import asyncio
import unittest
from unittest import mock


class WeatherReport:
    def __init__(self, client):
        self.client = client

    async def temperatures(self, *cities):
        results = {}
        for city in sorted(cities):
            try:
                results[city] = await self.client.temperature(city)
            except ConnectionError:
                results[city] = None
        return results

    async def coldest(self, *cities):
        calls = [self.client.temperature(city) for city in cities]
        return min(await asyncio.gather(*calls))


def temperature(city):
    if city == 'Paris':
        raise ConnectionError
    if city in ['Rome', 'Oslo']:
        return {'Rome': 21, 'Oslo': 3}[city]
    return mock.DEFAULT


class TestWeatherReport(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_way_swaps_the_answers(self):
        client = mock.AsyncMock()
        client.temperature.side_effect = [21, 3]
        result = await WeatherReport(client).temperatures('Rome', 'Oslo')
        self.assertEqual(result, {'Rome': 3, 'Oslo': 21})  # the report asks for Oslo first

    async def test_wrong_way_runs_out_of_answers(self):
        client = mock.AsyncMock()
        client.temperature.side_effect = [21, 3]
        with self.assertRaises(StopAsyncIteration):
            await WeatherReport(client).temperatures('Rome', 'Oslo', 'Bern')

    async def test_right_way(self):
        client = mock.AsyncMock()
        client.temperature.side_effect = temperature
        client.temperature.return_value = 10  # of all other cities
        report = WeatherReport(client)
        result = await report.temperatures('Rome', 'Oslo', 'Bern', 'Paris')
        self.assertEqual(result, {'Rome': 21, 'Oslo': 3, 'Bern': 10, 'Paris': None})
        self.assertEqual(await report.coldest('Rome', 'Oslo'), 3)
