"""weights.py FILE : what the safetensors package reads of a file, a line a tensor: name, type, shape, sum of the elements."""

import sys

from safetensors.numpy import load_file

for name, tensor in sorted(load_file(sys.argv[1]).items()):
    print(name, tensor.dtype, list(tensor.shape), f"{tensor.astype('float64').sum():.6f}")
