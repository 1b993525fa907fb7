"""aegpu trains autoencoders on any OpenCL device, or on the CPU.

``Autoencoder`` is an estimator with scikit-learn's conventions. The command ``aegpu`` is the program behind it.
"""

from aegpu._program import ProgramError, devices, version

__all__ = ["Autoencoder", "ProgramError", "devices"]
__version__ = version()


def __getattr__(name):
    # Not before it is asked for: the command needs no scikit-learn, and importing that takes a second.
    if name == "Autoencoder":
        from aegpu._autoencoder import Autoencoder

        return Autoencoder
    raise AttributeError(f"module 'aegpu' has no attribute {name!r}")


def __dir__():
    return [*globals(), "Autoencoder"]
