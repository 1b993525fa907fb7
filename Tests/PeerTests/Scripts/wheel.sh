#!/usr/bin/env bash
# wheel.sh : makes a wheel, installs it in a new environment and finds anomalies in a CSV file with it, in three lines of Python.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
Tools/bundle --with-tests "$work/bundle"
Tools/wheel --bundle "$work/bundle" "$work"
python3 -m venv "$work/python"
"$work/python/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/aegpu-*.whl
cd "$work"
# A heater's sensors: the temperature follows the power; in row 40 its sensor is broken.
awk 'BEGIN {
  srand(1); print "power,temperature,pressure"
  for (row = 0; row < 200; row++) {
    power = rand() * 100
    print power "," 20 + power / 2 + rand() + (row == 40 ? 200 : 0) "," 1 + power / 500 + rand() / 100
  }
}' >sensors.csv
export PATH=/usr/bin:/bin # no Swift
found=$(python/bin/python -c '
import numpy, aegpu
rows = numpy.loadtxt("sensors.csv", delimiter=",", skiprows=1)
print(numpy.argmax(aegpu.Autoencoder(random_state=0).fit(rows).decision_scores_))')
[[ $found == 40 ]] || {
  echo "wheel.sh: expected row 40 to be the most unusual, received ${found:-nothing}" >&2
  exit 1
}
python/bin/aegpu list-devices | grep -q '^cpu '
python/bin/aegpu --version
