#!/usr/bin/env python3
"""Makes the golden training runs of Tests/TrainingTests/Golden with PyTorch in float64.

  python3 -m venv .build/golden && .build/golden/bin/pip install torch==2.13.0 numpy==2.4.6
  .build/golden/bin/python Tools/golden.py            writes the files
  .build/golden/bin/python Tools/golden.py --check    compares with the existing files

Nothing here comes from the Swift code: derivatives are PyTorch's, updates are torch.optim's, and random
numbers are those of the Philox4x32-10 in goldens/philox.py, which is tested with Random123's known answers.
goldens/runs.py lists the runs. A file contains everything that a test needs to repeat its run:

  name, versions                          the name of the run, and the versions of its programs
  recipe                                  the fields of a recipe file for model and training;
                                          examples are used in order, each epoch's last batch is smaller
  exampleCount, steps                     the number of examples and steps
  pixels                                  [exampleCount][features], 0 to 255
  labels                                  [exampleCount], if the recipe has classes
  noise                                   variational: for each step the normal numbers, flat over [N, latent]
  losses                                  for each step, before its update: the loss and its parts as
                                          reported, summed per example
  initialWeights, gradients, weights      before the run, of step 0, after the run: {name: {"shape", "values"}}
  state                                   the layers' state after the run, in the same form

Initial weights are rounded to float32, so that every backend starts from the same numbers. Masks and other
random numbers follow from the seed, with the streams of Sources/Randoms/RandomStream.swift.
"""
import argparse
import json
import pathlib
import sys

import torch

from goldens.files import differences, text
from goldens.philox import check_philox
from goldens.record import golden
from goldens.runs import RUNS


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=root / "Tests/TrainingTests/Golden")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the files differ")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    check_philox()
    failed = False
    for name in RUNS:
        record, file = golden(name), arguments.output / f"{name}.json"
        if arguments.check:
            for line in differences(json.loads(file.read_text()), json.loads(text(record))):
                failed = True
                print(f"{file.name}: {line}")
        else:
            arguments.output.mkdir(parents=True, exist_ok=True)
            file.write_text(text(record) + "\n")
        print(f"{name}: loss {record['losses'][0]['loss']:.6f} to {record['losses'][-1]['loss']:.6f}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
