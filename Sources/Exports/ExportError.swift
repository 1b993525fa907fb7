/// What can go wrong when a trained model is written for other programs.
package enum ExportError: Error, Hashable, Sendable {
  /// An op that no operators of ONNX stand for here.
  case operation(String)
  /// A file that would be larger than its format can be.
  case tooLarge(byteCount: Int, largest: Int)
  /// A run whose model scales its input, by values that it has not kept.
  case withoutScaling(run: String)
  case outputExists(path: String)
  /// A file that, read again, is not what was written.
  case notAsWritten(path: String, expected: String, received: String)
}

extension ExportError: CustomStringConvertible {
  /// One sentence: what was expected, what was received, what to do.
  package var description: String {
    switch self {
    case .operation(let name):
      "export: expected operations that ONNX has, received \(name); write --format safetensors"
    case .tooLarge(let byteCount, let largest):
      "export: expected an ONNX file of at most \(largest) bytes, received one of \(byteCount); "
        + "write --format safetensors, which has no such limit"
    case .withoutScaling(let run):
      "\(run): expected a run that kept the scaling of its input, received one of an older version; "
        + "train it again"
    case .outputExists(let path):
      "\(path): expected a file or folder that does not exist yet, received one that does; choose "
        + "another --output, or replace it with --overwrite"
    case .notAsWritten(let path, let expected, let received):
      "\(path): expected, read again, \(expected), received \(received); look after the disk, and "
        + "write it again"
    }
  }
}
