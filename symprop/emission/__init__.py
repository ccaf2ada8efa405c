"""Emitting: a program and a template make a module that stands alone."""

from symprop.emission.emit import emit, load

__all__ = ["emit", "load"]
