"""aegpu trains autoencoders on any OpenCL device or on the CPU.

``Autoencoder`` is an estimator with scikit-learn's conventions. It runs the program of the command ``aegpu``.
"""

from aegpu._program import ProgramError, devices, version

__all__ = ["Autoencoder", "ProgramError", "devices"]
__version__ = version()


def __getattr__(name):
    # Imported only when it is used: the command does not need scikit-learn, whose import takes a second.
    if name == "Autoencoder":
        from aegpu._autoencoder import Autoencoder

        return Autoencoder
    raise AttributeError(f"module 'aegpu' has no attribute {name!r}")


def __dir__():
    return [*globals(), "Autoencoder"]
