import Datasets
import Foundation
import Glibc

/// `steps.jsonl`: one line every N steps, appended as they are done.
///
/// `{"epoch":1,"step":50,"loss":0.31,"reconstruction":0.31,"learningRate":0.001}`. If it cannot be
/// written, the run continues and `note` says so.
package struct StepLog {
  private let path: String
  private var file: UnsafeMutablePointer<FILE>?
  /// Why lines are missing.
  package private(set) var note: String?

  /// - Parameter step: the number of completed steps of the run; lines of later steps, which a
  ///   resumed run repeats, are removed.
  package init(_ folder: RunFolder, after step: Int) {
    path = folder.steps
    if let text = try? String(contentsOfFile: path, encoding: .utf8) {
      let lines = text.split(separator: "\n").filter { line in
        guard let number = (try? JSON(parsing: Array(line.utf8)[...]))?["step"],
          case .number(let digits) = number, let done = Int(digits)
        else { return false }
        return done <= step
      }
      try? lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
    file = fopen(path, "ae")
    check(file != nil)
  }

  package mutating func record(_ event: TrainingEvent) {
    guard case .step(let report) = event, let file else { return }
    check(fputs(report.line + "\n", file) >= 0 && fflush(file) == 0)
  }

  package mutating func close() {
    if let file { fclose(file) }
    file = nil
  }

  private mutating func check(_ succeeded: Bool) {
    guard !succeeded, note == nil else { return }
    note =
      "\(path): not every line could be written: "
      + String(cString: strerror(errno)).lowercased()
  }
}

extension StepReport {
  /// A line of `steps.jsonl`.
  var line: String {
    "{\"epoch\":\(epoch),\"step\":\(step),\(loss.json.dropFirst().dropLast()),"
      + "\"learningRate\":\(learningRate)}"
  }
}
