"""The exceptions that the programs' message handlers can raise, by name."""

import asyncio

ERRORS = {
    'ValueError': ValueError,
    'OSError': OSError,
    'SystemExit': SystemExit,
    'KeyboardInterrupt': KeyboardInterrupt,
    'CancelledError': asyncio.CancelledError,
}
