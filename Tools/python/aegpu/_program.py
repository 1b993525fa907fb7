"""The program that this package carries."""

import json
import os
import pathlib
import subprocess
import sys
from importlib import metadata


class ProgramError(RuntimeError):
    """The program ended with an error; the message is what it said."""


def path():
    """The program's file: the one within this package, or what AEGPU_PROGRAM names."""
    own = pathlib.Path(__file__).with_name("bundle") / "aegpu"
    return os.environ.get("AEGPU_PROGRAM") or str(own)


def version():
    """This package's version, which is the program's."""
    try:
        return metadata.version("aegpu")
    except metadata.PackageNotFoundError:
        return run("--version").strip()


def run(*words, verbose=False):
    """Runs the program to its end.

    Parameters
    ----------
    words : its arguments; numbers and paths become text.
    verbose : whether its progress and notes are shown as they come.

    Returns
    -------
    What it printed on standard output.

    Raises
    ------
    ProgramError where it ends with an error, or cannot be started.
    """
    arguments = [path(), *map(str, words)]
    try:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if verbose else subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ProgramError(f"{arguments[0]} cannot be started: {error.strerror}") from error
    if done.returncode == 0:
        return done.stdout
    said = (done.stderr or "").strip().splitlines()
    text = said[-1].removeprefix("aegpu: ") if said else f"the program ended with exit code {done.returncode}"
    raise ProgramError(text)


def devices():
    """What can train, as ``aegpu list-devices`` has it: a list of dictionaries.

    A dictionary's ``device`` is what ``Autoencoder(device=…)`` takes.
    """
    return json.loads(run("list-devices", "--format", "json"))


def main():
    """The command ``aegpu``: becomes the program."""
    program = path()
    try:
        os.execv(program, [program, *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"aegpu: {program} cannot be started: {error.strerror}")
