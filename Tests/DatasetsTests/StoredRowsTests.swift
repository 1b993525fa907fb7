import Datasets
import Foundation
import TestFolders
import Testing

/// Arrays whose numbers may stay in their files: safetensors, IDX and large NPY files.
@Suite struct StoredRowsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A safetensors file.
  /// - Parameter tensors: name, type, shape and bytes of each.
  private func safetensors(
    _ tensors: [(String, String, [Int], [UInt8])], to name: String
  ) throws -> String {
    var fields: [String] = []
    var bytes: [UInt8] = []
    for (name, type, shape, values) in tensors {
      fields.append(
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(bytes.count),"#
          + "\(bytes.count + values.count)]}")
      bytes += values
    }
    let header = Array("{\(fields.joined(separator: ","))}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return try folder.write(length + header + bytes, to: name)
  }

  private func bytes<Number>(_ values: [Number]) -> [UInt8] {
    values.withUnsafeBytes { Array($0) }
  }

  private func load(_ path: String, streaming: Int? = nil, limit: Int? = nil) throws -> Dataset {
    var options = DataOptions()
    (options.streaming, options.rowLimit) = (streaming, limit)
    return try Dataset.load(path, directory: nil, options: options)
  }

  private func values(_ dataset: Dataset) throws -> [Float] {
    switch try dataset.training.loaded().elements {
    case .floats(let floats): return floats
    case .bytes(let bytes): return bytes.map { Float($0) }
    case .doubles(let doubles): return doubles.map { Float($0) }
    case .stored: return []
    }
  }

  @Test(arguments: [nil, 0]) func readsEveryTypeOfATensor(streaming: Int?) throws {
    let numbers: [Float] = [0, 1, 2.5, -3, 0.125, 7]
    let kinds: [(String, [UInt8])] = [
      ("F32", bytes(numbers)), ("F16", bytes(numbers.map { Float16($0) })),
      ("BF16", bytes(numbers.map { UInt16($0.bitPattern >> 16) })),
      ("F64", bytes(numbers.map { Double($0) })),
    ]
    for (type, values) in kinds {
      let path = try safetensors([("a", type, [3, 2], values)], to: "\(type).safetensors")
      let dataset = try load(path, streaming: streaming)
      #expect(dataset.training.shape == [2])
      #expect(dataset.training.count == 3)
      #expect((dataset.training.stored != nil) == (streaming != nil))
      #expect(try self.values(dataset) == numbers, "\(type)")
      if let stored = dataset.training.stored {
        #expect(stored.least == -3)
        #expect(stored.greatest == 7)
      }
      #expect(dataset.files.map(\.sha256) == [try SHA256.hash(ofFile: path)])
    }
    let path = try safetensors([("a", "U8", [2, 2], [1, 2, 3, 255])], to: "u8.safetensors")
    #expect(try values(load(path, streaming: streaming)) == [1, 2, 3, 255])
  }

  /// Doubles, some of them missing.
  private func doubles(rows: Int) throws -> (values: [Double], path: String) {
    let values = (0..<rows * 3).map { index -> Double in
      if index % 11 == 4 { return .nan }
      if index % 3 == 1 { return 1e9 + 1 / 3 }
      return Double((index * 7919) % 1000) / 7 + (index % 3 == 2 ? 1e300 : 0)
    }
    let path = try folder.write(
      npy("<f8", "(\(rows), 3)", littleEndian(values)), to: "doubles.npy")
    return (values, path)
  }

  /// The same bits as in memory: rows, mean and deviation, held-out rows, and scaled values.
  @Test(arguments: [DataOptions.Missing.mean, .mask])
  func doublesAreThoseInMemory(missing: DataOptions.Missing) throws {
    let (values, path) = try doubles(rows: 60_000)
    var options = DataOptions(missing: missing)
    let resident = try Dataset.load(path, directory: nil, options: options).training
    options.streaming = 0
    let stored = try Dataset.load(path, directory: nil, options: options).training
    #expect(stored.areDoubles && stored.hasMissing)
    guard case .doubles(let loaded) = try stored.loaded().elements else {
      Issue.record("no doubles")
      return
    }
    #expect(loaded.map(\.bitPattern) == values.map(\.bitPattern))

    let held = try resident.heldOut(fraction: 0.1, seed: 5)
    #expect(try stored.heldOut(fraction: 0.1, seed: 5) == held)
    let (kept, validation) = resident.split(holdingOut: held)
    let parts = stored.split(holdingOut: held)
    let fills = missing == .mean
    let measured = parts.training.with(
      elements: .stored(
        try #require(parts.training.stored).measured(byteScale: 1, fillsMissing: fills)),
      labels: nil)
    let expected = FeatureScaling(
      kept, byteScale: 1, shift: true, factor: true, fillsMissing: fills)
    let scaling = FeatureScaling(
      measured, byteScale: 1, shift: true, factor: true, fillsMissing: fills)
    #expect(scaling == expected)
    for (one, other) in [(measured, kept), (parts.validation, validation)] {
      let found = try scaling.scaled(one, name: "a")
      let wanted = try scaling.scaled(other, name: "a")
      #expect(found.hasMissing == wanted.hasMissing)
      #expect(found.stored?.rowByteCount == 12)
      #expect(try bits(found.loaded()) == bits(wanted))
      #expect(try bits(found.read([7, 0, 5000])) == bits(wanted.rows([7, 0, 5000])))
      #expect(try bits(found[3..<5_900].loaded()) == bits(wanted[3..<5_900]))
    }
    // Too large without scaling, in the same row of the same sentence.
    let messages = [resident, stored].map { examples in
      thrown { () throws(DatasetError) in
        _ = try FeatureScaling().scaled(examples, name: "a", featureNames: ["x", "y", "z"])
      }?.description
    }
    #expect(messages[0]?.contains("column z") == true)
    #expect(messages[0] == messages[1])
  }

  /// Floats with missing values: the same range, mean and deviation, and scaled values as in memory.
  @Test(arguments: ["<f4", "<f2"], [DataOptions.Missing.mean, .mask])
  func missingFloatsAreThoseInMemory(type: String, missing: DataOptions.Missing) throws {
    let values = (0..<1200).map { index -> Float in
      if index % 11 == 4 { return index % 2 == 0 ? Float.nan : -Float.nan }
      return Float((index * 7919) % 1000) / 8 - 30
    }
    let numbers = type == "<f4" ? bytes(values) : bytes(values.map { Float16($0) })
    let path = try folder.write(npy(type, "(400, 3)", numbers), to: "floats.npy")
    var options = DataOptions(missing: missing)
    let resident = try Dataset.load(path, directory: nil, options: options).training
    options.streaming = 0
    let whole = try Dataset.load(path, directory: nil, options: options).training
    let rows = try #require(whole.stored)
    #expect(whole.hasMissing && whole.areScaledAsRead && rows.missingCount == 109)
    #expect((rows.least, rows.greatest) == (-30, 94.875))
    let fills = missing == .mean
    let stored = whole.with(
      elements: .stored(try rows.measured(byteScale: 1, fillsMissing: fills)), labels: nil)
    let scalings = [resident, stored].map {
      FeatureScaling($0, byteScale: 1, shift: true, factor: true, fillsMissing: fills)
    }
    #expect(scalings[0] == scalings[1])
    let scaled = try scalings[0].scaled(stored, name: "a")
    #expect(try bits(scaled.loaded()) == bits(scalings[0].scaled(resident, name: "a")))
    #expect(scaled.hasMissing == !fills)
    // Infinite values are not missing.
    let bad = try folder.write(npy("<f4", "(2, 1)", bytes([Float.nan, -.infinity])), to: "bad.npy")
    #expect(
      thrown { () throws(DatasetError) in
        _ = try Dataset.load(bad, directory: nil, options: options)
      }?.description
        == "\(bad): expected finite numbers, received -inf at [1, 0]; correct it, or remove the row"
    )
  }

  private func bits(_ examples: Examples) -> [UInt32] {
    guard case .floats(let values) = examples.elements else { return [] }
    return values.map(\.bitPattern)
  }

  @Test func refusesMissingDoublesAsInMemory() throws {
    let (_, path) = try doubles(rows: 10)
    let messages = [nil, 0].map { streaming in
      thrown { () throws(DatasetError) in
        var options = DataOptions()
        options.streaming = streaming
        _ = try Dataset.load(path, directory: nil, options: options)
      }?.description
    }
    #expect(messages[0]?.contains("received nan at [1, 1]") == true)
    #expect(messages[0] == messages[1])
  }

  @Test func shardsFollowOneAnother() throws {
    for (index, name) in ["b", "a", "c"].enumerated() {
      let values = (0..<4).map { Float(10 * index + $0) }
      _ = try safetensors(
        [("acts", "F32", [2, 2], bytes(values)), ("other", "F32", [4], bytes(values))],
        to: "\(name).safetensors")
    }
    let pattern = "\(folder.path)/*.safetensors"
    let all: [Float] = [10, 11, 12, 13, 0, 1, 2, 3, 20, 21, 22, 23]
    let stored = try load("\(pattern):acts", streaming: 0)
    #expect(try values(stored) == all)
    #expect(stored.files.count == 3)
    // The only one of two dimensions.
    #expect(try values(load(pattern)) == all)
    #expect(try values(load(pattern, limit: 3)) == Array(all[..<6]))
    let part = try #require(stored.training[1..<5].stored)
    #expect(try part.loaded() == .floats(Array(all[2..<10])))
    #expect(try stored.training.read([5, 0, 3]).elements == .floats([22, 23, 10, 11, 2, 3]))
    #expect(throws: DatasetError.self) { try load("\(pattern):missing") }
    _ = try safetensors(
      [("acts", "F32", [1, 3], bytes([Float](repeating: 0, count: 3)))], to: "d.safetensors")
    #expect(throws: DatasetError.self) { try load(pattern) }
  }

  @Test func refusesWhatIsNotFinite() throws {
    for (type, bad) in [
      ("F32", bytes([1, Float.nan, 2, 3])), ("F32", bytes([1, 2, 3, -Float.infinity])),
      ("F16", bytes([1, 2, Float16.infinity, 3])),
      ("BF16", bytes([0, UInt16(0x7fc0), 0, 0])),
    ] {
      let path = try safetensors([("a", type, [2, 2], bad)], to: "bad.safetensors")
      #expect {
        try load(path, streaming: 0)
      } throws: {
        "\($0)".contains("expected finite numbers") && "\($0)".contains("row")
      }
    }
  }

  @Test func refusesWhatIsDamaged() throws {
    let values = bytes([Float](repeating: 1, count: 6))
    let good = try safetensors([("a", "F32", [3, 2], values)], to: "good.safetensors")
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: good)))
    for count in [0, 5, 8, 20, whole.count - 1] {
      let path = try folder.write(Array(whole[..<count]), to: "cut.safetensors")
      #expect(throws: DatasetError.self, "\(count)") { try load(path) }
    }
    for (type, shape) in [
      ("F64", [3, 2]), ("F32", [4, 2]), ("F32", [1 << 40, 1 << 40]), ("F32", []), ("F32", [0, 2]),
    ] {
      let path = try safetensors([("a", type, shape, values)], to: "bad.safetensors")
      #expect(throws: DatasetError.self, "\(type) \(shape)") { try load(path) }
    }
    let lying = bytes([UInt64.max, 0])
    let path = try folder.write(lying, to: "lying.safetensors")
    #expect(throws: DatasetError.self) { try load(path) }
  }

  @Test func readsAnIDXFile() throws {
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3]
    let pixels = [UInt8](1...12)
    let path = try folder.write(header + pixels, to: "images.idx")
    for streaming in [nil, 0] {
      let dataset = try load(path, streaming: streaming)
      #expect(dataset.training.shape == [2, 3, 1])
      #expect(try values(dataset) == pixels.map { Float($0) })
    }
    for wrong in [header + pixels.dropLast(), header + pixels + [0], Array(header[..<7]), []] {
      let path = try folder.write(wrong, to: "wrong.idx")
      #expect(throws: DatasetError.self) { try load(path) }
    }
  }

  /// Mean and deviation from blocks are those of all rows.
  @Test func measuresEachFeature() throws {
    let numbers = (0..<3000).map { index -> Float in
      let offset: Float = index % 3 == 2 ? 1000 : 0
      return Float((index * 7919) % 1000) / 10 + offset
    }
    let path = try safetensors([("a", "F32", [1000, 3], bytes(numbers))], to: "a.safetensors")
    let examples = try load(path, streaming: 0).training
    let stored = try #require(examples.stored)
    let measured = examples.with(
      elements: .stored(try stored.measured(byteScale: 1, blockByteCount: 120)), labels: nil)
    let found = FeatureScaling(measured, byteScale: 1, shift: true, factor: true)
    let expected = FeatureScaling(try examples.loaded(), byteScale: 1, shift: true, factor: true)
    for (one, other) in zip(found.shift + found.factor, expected.shift + expected.factor) {
      #expect(abs(one - other) <= 1e-12 * abs(other))
    }
  }
}
