# SPDX-License-Identifier: Apache-2.0
"""How tests that need machines (machines.py) and a release bundle begin: `test.py PROGRAMS [BUNDLE] [--FLAG...]`."""

import pathlib
import re
import shutil
import sys
import tempfile

import machines

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/promises"))

from skip import skip


def make_bundle(folder, programs):
    version = re.search(r"pchatd (\S+)", machines.run(programs / "pchatd", "--version"))[1]
    printed = machines.run(SOURCE / "scripts/bundle", version, programs, folder)
    return pathlib.Path(printed.splitlines()[0])


def run_trial(trial, lacks=""):
    """Calls it with a folder that ends with it, the programs, and a bundle, which is made of them where none is named; the
    exit code. `lacks`: why it cannot be tried here."""
    problem = machines.why_not() or lacks
    if problem:
        return skip(problem)
    given = [word for word in sys.argv[1:] if not word.startswith("--")]
    programs = pathlib.Path(given[0]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "bundle").mkdir()
        if len(given) > 1:
            bundle = pathlib.Path(shutil.copy(given[1], folder / "bundle"))
        else:
            bundle = make_bundle(folder / "bundle", programs)
        trial(folder, programs, bundle)
    return 0
