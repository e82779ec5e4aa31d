"""Subscribe to a feed of news, over a connection that has to be opened and closed."""

from typing import Any


class Feed:
    """A subscription: open it, read from it, close it."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.topics: list[str] = []

    async def subscribe(self, topic: str) -> None:
        """Ask for the news on a topic; asking twice does nothing. Opens the connection first."""
        if topic in self.topics:
            return
        if not self.topics:
            await self.connection.open()
        await self.connection.send(f'SUBSCRIBE {topic}')
        self.topics.append(topic)

    async def close(self) -> None:
        """Take back every subscription and close the connection, even if that fails."""
        try:
            for topic in self.topics:
                await self.connection.send(f'UNSUBSCRIBE {topic}')
        finally:
            self.topics = []
            await self.connection.close()
