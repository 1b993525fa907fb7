/// The OpenCL C sources, by file name without `.cl`: `kernelSource(named: "product")`.
///
/// Every file but `common` is compiled with `common` in front of it.
package func kernelSource(named name: String) -> String {
  guard let common = embeddedTexts["common.cl"], let text = embeddedTexts["\(name).cl"] else {
    preconditionFailure("there is no kernel file \(name).cl")
  }
  return name == "common" ? common : common + "\n" + text
}

/// The names of all kernel files, sorted; `common` is one of them.
package var kernelFileNames: [String] {
  embeddedTexts.keys.sorted().map { String($0.dropLast(3)) }
}
