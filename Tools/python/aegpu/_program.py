"""Runs the program in this package."""

import json
import os
import pathlib
import subprocess
import sys
from importlib import metadata


class ProgramError(RuntimeError):
    """The program ended with an error; the message is the program's."""


def path():
    """The program's file: the one in this package, or the value of AEGPU_PROGRAM."""
    own = pathlib.Path(__file__).with_name("bundle") / "aegpu"
    return os.environ.get("AEGPU_PROGRAM") or str(own)


def version():
    """The version of this package, which is also that of the program."""
    try:
        return metadata.version("aegpu")
    except metadata.PackageNotFoundError:
        return run("--version").strip()


def run(*words, verbose=False):
    """Runs the program until it ends.

    Parameters
    ----------
    words : its arguments; numbers and paths are converted to text.
    verbose : whether to show its progress and notes.

    Returns
    -------
    Its standard output.

    Raises
    ------
    ProgramError if it ends with an error, or cannot be started.
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
    """The devices of ``aegpu list-devices``: a list of dictionaries.

    The value of ``device`` in a dictionary can be used for ``Autoencoder(device=…)``.
    """
    return json.loads(run("list-devices", "--format", "json"))


def main():
    """The command ``aegpu``: runs the program in place of this process."""
    program = path()
    try:
        os.execv(program, [program, *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"aegpu: {program} cannot be started: {error.strerror}")
