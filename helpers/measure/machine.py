"""The machine on which something was measured."""

import os
import platform
from datetime import date
from pathlib import Path
from typing import Any


def host_info() -> dict[str, Any]:
    """Return its processor, cores, system and Python, and the date."""
    return {
        'processor': _processor(),
        'cores': len(os.sched_getaffinity(0))
        if hasattr(os, 'sched_getaffinity')
        else os.cpu_count(),
        'system': f'{platform.system()} {".".join(platform.release().split(".")[:2])}',
        'python': platform.python_version(),
        'date': date.today().isoformat(),
    }


def _processor() -> str:
    try:
        lines = Path('/proc/cpuinfo').read_text(encoding='utf-8').splitlines()
    except OSError:
        lines = []
    names = [line.partition(': ')[2] for line in lines if line.startswith('model name')]
    return names[0] if names else platform.processor() or platform.machine()
