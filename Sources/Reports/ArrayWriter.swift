import Foundation

/// Writes rows of numbers as they come, each with its number from 0 and its label where there are
/// any, so that they need not be in memory whole.
///
/// | form | what |
/// |---|---|
/// | `npy` | float32, or int32 of whole numbers, of the whole shape `[rows] + shape`, no labels |
/// | `csv` | the columns `row`, those of the values, and `label` |
/// | `json` | one object: the facts, `"shape"`, `"labels"`, and `"values"`, a list of numbers to each row |
///
/// A number that is not finite is `null` in JSON, which knows none.
package final class ArrayWriter {
  private enum Target {
    case npy(NPYWriter<Float>)
    case wholeNPY(NPYWriter<Int32>)
    case csv(CSVWriter)
    case json(OutputFile)
  }

  private let target: Target
  private let rowSize: Int
  private let labels: [String]?
  private let areWhole: Bool
  private var row = 0

  /// - Parameters:
  ///   - path: where the file goes, or `-` for standard output.
  ///   - form: not a picture.
  ///   - rows: how many will come.
  ///   - shape: of one row.
  ///   - names: the columns of a table, as many as a row has values.
  ///   - labels: one to a row.
  ///   - areWhole: whether all values are whole numbers.
  ///   - facts: what a JSON object says beside the values, in this order.
  package init(
    _ path: String, form: ArrayForm, rows: Int, shape: [Int], names: [String],
    labels: [String]? = nil, areWhole: Bool = false,
    facts: [(name: String, value: String)] = []
  ) throws(ReportError) {
    rowSize = shape.reduce(1, *)
    precondition(names.count == rowSize, "a name to each value of a row")
    precondition(labels == nil || labels?.count == rows, "a label to each row")
    self.labels = labels
    self.areWhole = areWhole
    switch form {
    case .npy where areWhole: target = .wholeNPY(try NPYWriter(path, shape: [rows] + shape))
    case .npy: target = .npy(try NPYWriter(path, shape: [rows] + shape))
    case .csv:
      let columns = ["row"] + names + (labels == nil ? [] : ["label"])
      target = .csv(try CSVWriter(path, columns: columns))
    case .json:
      let file = try OutputFile(path)
      var fields = facts.map { "\(Self.quoted($0.name)): \(Self.quoted($0.value))" }
      fields.append("\"shape\": [\(([rows] + shape).map(String.init).joined(separator: ", "))]")
      if let labels {
        fields.append("\"labels\": [\(labels.map(Self.quoted).joined(separator: ", "))]")
      }
      try file.write("{\n  " + fields.joined(separator: ",\n  ") + ",\n  \"values\": [")
      target = .json(file)
    case .png: preconditionFailure("a picture is drawn, not listed")
    }
  }

  /// The next rows, `[N] + shape`.
  package func write(_ values: [Float]) throws(ReportError) {
    switch target {
    case .npy(let writer): try writer.write(values)
    case .wholeNPY(let writer): try writer.write(values.map { Int32($0) })
    case .csv, .json: try write(values) { areWhole ? .integer(Int($0)) : .float($0) }
    }
  }

  /// The same in double precision, which tables and JSON keep.
  package func write(doubles values: [Double]) throws(ReportError) {
    switch target {
    case .npy, .wholeNPY: try write(values.map { Float($0) })
    case .csv, .json: try write(values) { .double($0) }
    }
  }

  private func write<Number: BinaryFloatingPoint>(
    _ values: [Number], _ field: (Number) -> CSVWriter.Field
  ) throws(ReportError) {
    precondition(values.count % rowSize == 0, "whole rows")
    for start in stride(from: 0, to: values.count, by: rowSize) {
      let own = values[start..<start + rowSize]
      switch target {
      case .npy, .wholeNPY: break
      case .csv(let writer):
        let label = labels.map { [CSVWriter.Field.text($0[row])] } ?? []
        try writer.write([.integer(row)] + own.map(field) + label)
      case .json(let file):
        let numbers = own.map {
          !$0.isFinite ? "null" : areWhole ? "\(Int($0))" : "\($0)"
        }.joined(separator: ", ")
        try file.write("\(row == 0 ? "" : ",")\n    [\(numbers)]")
      }
      row += 1
    }
  }

  /// Gives the file its name; all rows have been written.
  package func finish() throws(ReportError) {
    switch target {
    case .npy(let writer): try writer.finish()
    case .wholeNPY(let writer): try writer.finish()
    case .csv(let writer): try writer.finish()
    case .json(let file):
      try file.write("\n  ]\n}\n")
      try file.finish()
    }
  }

  private static func quoted(_ text: String) -> String {
    // A text alone always encodes.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
