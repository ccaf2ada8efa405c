"""Where the measuring is done: one thread, which processor, which BLAS kernel, which versions.

The variables take effect only if they are set before NumPy is imported; so each measuring process
is started with them, by `surroundings`.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NPROC": "1",  # the thread pools of XLA
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}
"""What keeps NumPy, torch and XLA to one thread; the torch peer calls set_num_threads besides."""

KERNEL = "OPENBLAS_CORETYPE"
PACKAGES = (
    "numpy",
    "sympy",
    "scikit-learn",
    "autograd",
    "torch",
    "jax",
    "casadi",
    "threadpoolctl",
    "matplotlib",
)


@dataclass(frozen=True)
class Environment:
    """What the tables say about the place of measuring; `kernel` is the one that BLAS runs."""

    processor: str
    cores: int
    python: str
    blas: str
    kernel: str
    requested: str
    versions: Mapping[str, str]


def requested_kernels() -> tuple[str, ...]:
    """The values of OPENBLAS_CORETYPE to measure with: as found, and "" for unset."""
    return tuple(dict.fromkeys((os.environ.get(KERNEL, ""), "")))


def surroundings(kernel: str) -> dict[str, str]:
    """The variables of a measuring process; `kernel` "" leaves the choice to the processor."""
    found = {name: value for name, value in os.environ.items() if name != KERNEL}
    return {**found, **ONE_THREAD, **({KERNEL: kernel} if kernel else {})}


def describe() -> Environment:
    """The environment of this process."""
    blas, kernel = _blas()
    found = ((name, _version(name)) for name in PACKAGES)
    return Environment(
        processor=_processor(),
        cores=os.cpu_count() or 0,
        python=platform.python_version(),
        blas=blas,
        kernel=kernel,
        requested=os.environ.get(KERNEL, ""),
        versions={name: number for name, number in found if number},
    )


def _blas() -> tuple[str, str]:
    """Name and kernel of the BLAS that NumPy calls."""
    import numpy as np

    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{built['name']} {built['version']}", "not known without threadpoolctl"
    for pool in threadpool_info():
        if pool["user_api"] == "blas" and "numpy" in pool["filepath"]:
            return f"{pool['internal_api']} {pool['version']}", str(pool.get("architecture", "?"))
    return "not known", "not known"


def _processor() -> str:
    """The model of the processor."""
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    """The version of a package, "" if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
