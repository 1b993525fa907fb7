import Foundation
import Testing

/// Indices of a codebook, out and in again.
extension RunCommandTests {
  @Test func indicesAreCodes() throws {
    let outcomes = [
      try run("encode", "vq", "--indices", "--output", "indices.npy"),
      try run("encode", "vq", "--indices", "--output", "indices.csv"),
      try run("encode", "vq", "--output", "vectors.npy"),
      try run("decode", "vq", "--codes", "indices.npy", "--indices", "--output", "byNPY.npy"),
      try run("decode", "vq", "--codes", "indices.csv", "--indices", "--output", "byCSV.npy"),
      try run("decode", "vq", "--codes", "vectors.npy", "--output", "byVectors.npy"),
    ]
    for outcome in outcomes { #expect(outcome.code == 0, "\(outcome.errors)") }
    #expect(outcomes[0].errors.contains("64 codes of 49 indices"))
    let array = try data("indices.npy")
    let header = String(decoding: array.prefix(128), as: UTF8.self)
    #expect(header.contains("'<i4'") && header.contains("(64, 7, 7)"))
    let table = try program.text("indices.csv").split(separator: "\n")
    #expect(table.count == 65 && table[0].hasPrefix("row,index0,index1,"))
    let numbers = table[1].split(separator: ",").dropFirst().prefix(49)
    #expect(numbers.allSatisfy { (0..<512).contains(Int($0) ?? -1) })
    #expect(try data("byNPY.npy") == data("byVectors.npy"))
    #expect(try data("byCSV.npy") == data("byVectors.npy"))
  }

  @Test func refusesForeignIndices() throws {
    let row = (["0"] + [String](repeating: "3", count: 48) + ["512"]).joined(separator: ",")
    let names = (["row"] + (0..<49).map { "index\($0)" }).joined(separator: ",")
    try program.write("\(names)\n\(row)\n", to: "foreign.csv")
    let outcome = try run(
      "decode", "vq", "--codes", "foreign.csv", "--indices", "--output", "foreign.npy")
    #expect(outcome.code == 1)
    #expect(
      outcome.errors.contains(
        "foreign.csv: expected whole numbers from 0 to 511, received 512.0 in row 0"))
  }

  @Test func tellsCodesInUse() throws {
    let text = try run("evaluate", "vq")
    #expect(text.output.contains("codes used") && text.output.contains(" of 512"))
    #expect(text.output.contains("perplexity") && text.output.contains("commitment (0.25)"))
    let lines = try program.text("vq/metrics.jsonl").split(separator: "\n")
    #expect(lines.allSatisfy { $0.contains("\"perplexity\":") && $0.contains("\"commitment\":") })
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: program.folder + "/" + name))
  }
}
