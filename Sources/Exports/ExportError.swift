/// An error in exporting a trained model.
package enum ExportError: Error, Hashable, Sendable {
  /// An op that cannot be expressed in ONNX operators.
  case operation(String)
  /// A file that would exceed the size limit of its format.
  case tooLarge(byteCount: Int, largest: Int)
  /// A run whose model scales its input, but which has not stored the scaling.
  case withoutScaling(run: String)
  case outputExists(path: String)
  /// A file whose contents differ from what was written.
  case notAsWritten(path: String, expected: String, received: String)
}

extension ExportError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do.
  package var description: String {
    switch self {
    case .operation(let name):
      "export: expected operations that ONNX has, received \(name); use --format safetensors"
    case .tooLarge(let byteCount, let largest):
      "export: expected an ONNX file of at most \(largest) bytes, received one of \(byteCount); "
        + "use --format safetensors, which has no such limit"
    case .withoutScaling(let run):
      "\(run): expected a run with stored input scaling, received one of an older version; "
        + "train it again"
    case .outputExists(let path):
      "\(path): expected a file or folder that does not exist yet, received one that does; choose "
        + "another --output, or replace it with --overwrite"
    case .notAsWritten(let path, let expected, let received):
      "\(path): expected to read back \(expected), received \(received); check the disk, and "
        + "write it again"
    }
  }
}
