"""Pictures of training: the loss from epoch to epoch, and the path of descent on the loss surface.

What is drawn is a run of the emitted module's own `train` (`run`). Matplotlib, an optional extra,
is imported by `pictures` and `labels` alone, when something is drawn.
"""

from symprop.plotting.drawing import picture
from symprop.plotting.run import Entry, Run, all_entries, entry_of, train_on_example, train_on_file

__all__ = [
    "Entry",
    "Run",
    "all_entries",
    "entry_of",
    "picture",
    "train_on_example",
    "train_on_file",
]
