/// Writes an array of known shape as an NPY file (format version 1.0, little-endian, C order): the
/// header first and then any number of pieces, so that the array need not be in memory.
///
/// `finish` completes the file (see `OutputFile`); `-` is standard output.
package final class NPYWriter<Element: NPYElement> {
  private let file: OutputFile
  /// The number of elements that are still missing.
  private var missing: Int

  /// - Parameters:
  ///   - path: the file, or `-`.
  ///   - shape: the shape of the whole array; `[]` is a single number.
  package init(_ path: String, shape: [Int]) throws(ReportError) {
    missing = shape.reduce(1, *)
    file = try OutputFile(path)
    try file.write(Self.header(shape))
  }

  /// The next elements, in row-major order.
  package func write(_ elements: [Element]) throws(ReportError) {
    precondition(elements.count <= missing, "there are more elements than in the shape")
    missing -= elements.count
    // Swift only runs on little-endian processors, as the format's types say.
    try file.write(elements.withUnsafeBytes { Array($0) })
  }

  /// Completes the file after all elements were written.
  package func finish() throws(ReportError) {
    precondition(missing == 0, "there are fewer elements than in the shape")
    try file.finish()
  }

  /// The magic bytes, the version, the length of the rest, and a Python dictionary, padded with
  /// blanks so that the elements begin at a multiple of 64 bytes.
  private static func header(_ shape: [Int]) -> [UInt8] {
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var text = Array(
      "{'descr': '\(Element.npyType)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    text += [UInt8](repeating: 0x20, count: 63 - (10 + text.count) % 64)
    text.append(0x0a)
    precondition(text.count <= 0xffff, "the shape has too many dimensions")
    return [0x93] + Array("NUMPY".utf8) + [1, 0]
      + [UInt8(text.count & 0xff), UInt8(text.count >> 8)] + text
  }
}

/// A number type of NPY files.
package protocol NPYElement: BitwiseCopyable {
  /// NumPy's name of the type.
  static var npyType: String { get }
}

extension Float: NPYElement {
  package static var npyType: String { "<f4" }
}

extension Int32: NPYElement {
  package static var npyType: String { "<i4" }
}

extension Int64: NPYElement {
  package static var npyType: String { "<i8" }
}
