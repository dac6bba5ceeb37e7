"""What a process does with files below a folder, told by Python's audit events, each before it happens."""

import os
import signal
import sys


def _touching(root, call):
    """Call `call()` before whatever touches a file below `root` from now on, in this process and its forks."""
    below = os.fspath(root)

    def hook(event, arguments):
        if any(isinstance(a, str | os.PathLike) and os.fspath(a).startswith(below) for a in arguments[:2]):
            call()

    sys.addaudithook(hook)


def counted(root, path):
    """Return what makes a process add a byte to a file for each touch."""

    def prepare():
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        _touching(root, lambda: os.write(number, b"."))

    return prepare


def before(root, touch, act=lambda: os.killpg(0, signal.SIGKILL)):
    """Return what makes a process do something, by default end with all of its group, before its n-th touch, from 1."""

    def prepare():
        left = touch

        def one():
            nonlocal left
            left -= 1
            if left == 0:
                act()

        _touching(root, one)

    return prepare
