#!/usr/bin/env python3
"""Makes the golden training runs of Tests/TrainingTests/Golden with PyTorch in float64.

  python3 -m venv .build/golden && .build/golden/bin/pip install torch==2.13.0 numpy==2.4.6
  .build/golden/bin/python Tools/golden.py            writes the files
  .build/golden/bin/python Tools/golden.py --check    compares with the files that are there

Nothing here comes from the Swift code: derivatives are PyTorch's, updates are torch.optim's, and what is
random is drawn by the Philox4x32-10 of goldens/philox.py, which is held to Random123's known answers.
goldens/runs.py lists the runs. A file says all that a test needs to repeat its run:

  name, versions                          what this is, and what made it
  recipe                                  the fields of a recipe file that say what is trained and how;
                                          examples are taken in order, each epoch's last batch is smaller
  exampleCount, steps                     how much of it
  pixels                                  [exampleCount][features], 0 to 255
  labels                                  [exampleCount], where the recipe has classes
  noise                                   variational: for each step the normals, flat over [N, latent]
  losses                                  for each step, before its update: the loss and its parts as they
                                          are reported, a sum per example
  initialWeights, gradients, weights      before the run, of step 0, after the run: {name: {"shape", "values"}}
  state                                   after the run, what layers keep: alike

Initial weights are rounded to float32, so that every backend starts from the same numbers. Masks and other
normals follow from the seed, by the streams of Sources/Randoms/RandomStream.swift.
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
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the files differ")
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
