/// Writes files atomically, each in one call; see `OutputFile`.
package enum AtomicFile {
  package static func write(_ text: String, to path: String) throws(ReportError) {
    try write(Array(text.utf8), to: path)
  }

  package static func write(_ bytes: [UInt8], to path: String) throws(ReportError) {
    let file = try OutputFile(path)
    try file.write(bytes)
    try file.finish()
  }
}
