"""Files of trials: means, searches and estimates that outlive their process."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._call import Context, Limits
from ._library import libpleats


@contextmanager
def kept(context: Context, options: Any, path: Any, every: float
         ) -> Iterator[None]:
    """A call with these options goes on from a file, where it is there, and
    writes it every so many seconds and at its end, however that comes; path
    None: no file."""
    if path is None:
        yield
        return
    file = os.fsencode(path)
    record = context.made("record", "pleats_record_new")
    if os.path.exists(file):
        context.check(libpleats.pleats_record_read(context.pointer, record,
                                                   file))
    context.check(libpleats.pleats_record_keep(context.pointer, record, file,
                                               every, None))
    options.record = record
    try:
        yield
    finally:
        if not context.is_busy and libpleats.pleats_record_n(record):
            context.resume(Limits())  # the call is over, perhaps by Ctrl-C
            context.check(libpleats.pleats_record_write(context.pointer, record,
                                                        file))
