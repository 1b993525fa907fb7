/// What is known of the version of CLBlast that products may be computed by.
package enum LibraryFindings {
  /// - Parameter file: the library's file, whose name ends in its version
  ///   (`OpenCLBackend.libraryFile`).
  package static func findings(ofFile file: String?) -> [Finding] {
    let name = file?.split(separator: "/").last.map(String.init) ?? ""
    let words = name.split(separator: ".").compactMap { Int($0) }
    guard words.count >= 3, words.lexicographicallyPrecedes([1, 6, 3]) else { return [] }
    let version = words.map(String.init).joined(separator: ".")
    return [
      Finding(
        .note,
        "CLBlast \(version) computes some products wrong on some GPUs (its issue 533, mended in 1.6.3)",
        remedy:
          "nothing has to be done: products are checked before they are used; a newer one may be "
          + "faster")
    ]
  }
}
