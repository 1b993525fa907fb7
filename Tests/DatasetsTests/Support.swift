import CZlib
import Datasets
import Foundation
import TestFolders
import Testing

/// The bytes of an IDX file.
func idx(_ shape: [Int], _ elements: [UInt8], type: UInt8 = 8) -> [UInt8] {
  [0, 0, type, UInt8(shape.count)] + shape.flatMap(bigEndian) + elements
}

func bigEndian(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

/// One gzip member that holds the bytes.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  let size = Int32(MemoryLayout<z_stream>.size)
  precondition(
    deflateInit2_(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
    }
  }
  return Array(output.prefix(Int(stream.total_out)))
}

/// The error that a body throws, or nil.
func thrown(_ body: () throws(DatasetError) -> Void) -> DatasetError? {
  do throws(DatasetError) {
    try body()
    return nil
  } catch {
    return error
  }
}

/// A zip archive by the format's own description (APPNOTE 6.3), members stored or deflated.
func zip(_ members: [(name: String, bytes: [UInt8])], deflated: Bool = false) -> [UInt8] {
  func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
  var (archive, directory): ([UInt8], [UInt8]) = ([], [])
  for member in members {
    // A gzip member is a header of 10 bytes, the deflated data, and a trailer of 8.
    let data = deflated ? Array(gzip(member.bytes).dropFirst(10).dropLast(8)) : member.bytes
    let checksum = Int(crc32(0, member.bytes, UInt32(member.bytes.count)))
    let name = Array(member.name.utf8)
    let common =
      little(20, 2) + little(0, 2) + little(deflated ? 8 : 0, 2) + little(0, 4)
      + little(checksum, 4) + little(data.count, 4) + little(member.bytes.count, 4)
      + little(name.count, 2) + little(0, 2)
    directory +=
      little(0x0201_4b50, 4) + little(20, 2) + common + little(0, 10) + little(archive.count, 4)
      + name
    archive += little(0x0403_4b50, 4) + common + name + data
  }
  return archive + directory + little(0x0605_4b50, 4) + little(0, 4) + little(members.count, 2)
    + little(members.count, 2) + little(directory.count, 4) + little(archive.count, 4)
    + little(0, 2)
}

/// A table, read in memory and as numbers in a cache, with the same results.
func loadTable(_ bytes: [UInt8], _ options: DataOptions = DataOptions()) throws -> Dataset {
  let folder = try TemporaryFolder()
  return try loadTable(at: folder.write(bytes, to: "a.csv"), options, cache: folder)
}

/// The same of a path.
/// - Parameter cache: the folder whose folder `cache` has the numbers.
func loadTable(
  at path: String, _ options: DataOptions = DataOptions(), cache folder: TemporaryFolder
) throws(DatasetError) -> Dataset {
  var streaming = options
  (streaming.streaming, streaming.cacheFolder) = (0, "\(folder.path)/cache")
  func tables() -> [String] {
    ((try? folder.contents("cache/tables")) ?? []).filter { !$0.hasSuffix(".lock") }
  }
  let before = tables()
  let expected = Result { () throws(DatasetError) in
    try Dataset.load(path, directory: nil, options: options)
  }
  let found = Result { () throws(DatasetError) in
    try Dataset.load(path, directory: nil, options: streaming)
  }
  #expect(tables().allSatisfy { !$0.hasSuffix(".part") })
  switch (expected, found) {
  case (.success(let expected), .success(let found)):
    expectSame(found, expected)
    return expected
  case (.failure(let expected), .failure(let found)):
    #expect("\(expected)" == "\(found)")
    // Of a folder, the files before may be right.
    if path.hasSuffix(".csv") { #expect(tables() == before) }
    throw expected
  case (_, .failure(let error)):
    #expect("\(error)".contains("UTF-16"), "\(error)")
    return try expected.get()
  case (.failure(let error), _): throw error
  }
}

private func expectSame(_ found: Dataset, _ expected: Dataset) {
  #expect(found.training.stored != nil)
  for (found, expected) in [(found.training, expected.training), (found.test, expected.test)] {
    let loaded = try? found?.loaded()
    #expect(loaded?.shape == expected?.shape)
    #expect(loaded?.labels == expected?.labels)
    #expect(found?.hasMissing == expected?.hasMissing)
    // Of NaN, too.
    #expect(loaded?.bits == expected?.bits)
  }
  #expect(found.labelNames == expected.labelNames)
  #expect(found.featureNames == expected.featureNames)
  #expect(found.details == expected.details)
  #expect(found.notes.filter { !$0.contains("it can be deleted") } == expected.notes)
  #expect(found.files.map(\.path) == expected.files.map(\.path))
  #expect(found.name == expected.name)
}

extension Examples {
  fileprivate var bits: [UInt64] {
    guard case .doubles(let values) = elements else { return [] }
    return values.map(\.bitPattern)
  }
}
