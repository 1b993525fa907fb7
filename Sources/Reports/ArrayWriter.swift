import Foundation

/// Writes rows of numbers one after the other, each with its number from 0 and its label if there
/// are labels, so that they need not be in memory at the same time.
///
/// | form | contents |
/// |---|---|
/// | `npy` | an array of float32, or int32 for whole numbers, of shape `[rows] + shape`, without
/// labels |
/// | `csv` | the columns `row`, those of the values, and `label` |
/// | `json` | one object: the facts, `"shape"`, `"labels"`, and `"values"`, a list of numbers for
/// each row |
///
/// A number that is not finite is `null` in JSON.
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
  ///   - path: the file, or `-` for standard output.
  ///   - form: any form except a picture.
  ///   - rows: the number of rows.
  ///   - shape: the shape of one row.
  ///   - names: the columns of a table, one for each value of a row.
  ///   - labels: one per row.
  ///   - areWhole: whether all values are whole numbers.
  ///   - facts: further fields of a JSON object, in this order.
  package init(
    _ path: String, form: ArrayForm, rows: Int, shape: [Int], names: [String],
    labels: [String]? = nil, areWhole: Bool = false,
    facts: [(name: String, value: String)] = []
  ) throws(ReportError) {
    rowSize = shape.reduce(1, *)
    precondition(names.count == rowSize, "one name per value of a row is needed")
    precondition(labels == nil || labels?.count == rows, "one label per row is needed")
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
    case .png: preconditionFailure("a picture is not written as rows")
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
    precondition(values.count % rowSize == 0, "the values must be whole rows")
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

  /// Completes the file after all rows were written.
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
    // Encoding a string cannot fail.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
