#!/usr/bin/env bash
# outside.sh : a package elsewhere that depends on this one by its path builds and runs the library's example.
set -euo pipefail
root=$(readlink -f "$(dirname "$(readlink -f "$0")")/../../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/Sources/Outside"
cp "$root/Tests/Examples/Digits/main.swift" "$work/Sources/Outside/"
cat >"$work/Package.swift" <<END
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Outside", dependencies: [.package(path: "$root")],
  targets: [
    .executableTarget(
      name: "Outside", dependencies: [.product(name: "AEGPU", package: "$(basename "$root")")])
  ])
END
swift build -c release --package-path "$work" --product Outside >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  exit 1
}
said=$("$work/.build/release/Outside" "$work/run")
[[ $said == *"16 images of [28, 28, 1]" && -e $work/run/weights.safetensors ]] || {
  echo "outside.sh: expected 16 images and a run, received $said" >&2
  exit 1
}
