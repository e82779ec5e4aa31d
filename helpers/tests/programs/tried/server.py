"""A program that does not end soon, and tells it if nobody has ended it."""

import os
import threading
from pathlib import Path

with Path(os.environ['TOLD']).open('w', encoding='utf-8') as told:
    print('runs', flush=True)
    threading.Event().wait(20)
    told.write('was not ended')
