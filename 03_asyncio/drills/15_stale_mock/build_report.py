"""Report by mail how a build has ended."""

import logging

log = logging.getLogger(__name__)
TEAM = 'team@work.example'


async def send_mail(address: str, text: str) -> None:
    """Send a mail; in this drill, print it."""
    print(address, text)


async def report(branch: str, author: str, passed: bool, passed_before: bool) -> None:
    """Mail those who need to know.

    The author hears of each failure, and when the branch passes again. The team hears of each
    failure of main, even if the mail to the author cannot be sent.
    """
    if not passed:
        try:
            await send_mail(author, f'{branch} fails')
        except OSError:
            log.warning('Cannot send a mail to %s', author)
        if branch == 'main':
            await send_mail(TEAM, 'main fails')
    elif not passed_before:
        await send_mail(author, f'{branch} passes again')
