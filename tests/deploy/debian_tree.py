#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A bare Debian 12 as a folder: debootstrap's smallest, with systemd and an SSH server. Made once and kept; nobody
writes into it. As a program it makes the tree where there is none, and prints where it is."""

import argparse
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

RELEASE = "bookworm"
# dbus: without it systemctl in the machine talks to nobody. runit: for those who live without systemd.
PACKAGES = ("dbus", "faketime", "openssh-server", "runit", "sudo", "systemd", "systemd-sysv")
CACHE = pathlib.Path(__file__).resolve().parents[2] / "build" / "cache"


def why_not():
    """Why there can be no tree here; empty when there can."""
    if os.geteuid() != 0:
        return "making a Debian tree needs root"
    if not tree_of(cache_folder()).exists() and not shutil.which("debootstrap"):
        return "there is no debootstrap"
    return ""


def cache_folder():
    return pathlib.Path(os.environ.get("PCHAT_TEST_CACHE") or CACHE)


def tree_of(cache):
    kind = hashlib.sha256(" ".join((RELEASE, *PACKAGES)).encode()).hexdigest()[:8]
    return cache / f"debian-12-{kind}"


def mirror():
    """Where this machine gets its own packages; what debootstrap takes by itself where that is another Debian."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(CODENAME) $(CREATED_BY) $(REPO_URI)"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    found = [line.split()[2] for line in listing.splitlines() if line.startswith(f"{RELEASE} Packages ")]
    return found[:1]


def make(tree):
    unfinished = tree.with_name(tree.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", RELEASE, unfinished, *mirror()],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"debootstrap failed:\n{done.stdout[-4000:]}")
    shutil.rmtree(unfinished / "var/cache/apt/archives", ignore_errors=True)
    for key in (unfinished / "etc/ssh").glob("ssh_host_*"):
        key.unlink()  # every machine makes its own
    (unfinished / "etc/machine-id").write_text("")
    unfinished.rename(tree)


def ensure():
    """The tree, made when it is not there; of several who ask at once one makes it."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    tree = tree_of(cache)
    with open(cache / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tree.exists():
            make(tree)
    return tree


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    problem = why_not()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    print(ensure())
    return 0


if __name__ == "__main__":
    sys.exit(main())
