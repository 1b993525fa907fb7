import Datasets
import TestFolders
import Testing

/// Arrays in files as h5py and safetensors write them.
@Suite struct StoredRowsTests {
  private static let numbers = (0..<60).map { Float($0 % 17 - 3) / 4 }

  private func values(_ path: String, streaming: Int? = nil) throws -> [Float] {
    var options = DataOptions()
    options.streaming = streaming
    let examples = try Dataset.load(path, directory: nil, options: options).training
    #expect(examples.shape == [5])
    #expect((examples.stored != nil) == (streaming != nil))
    switch try examples.loaded().elements {
    case .floats(let floats): return floats
    case .bytes(let bytes): return bytes.map { Float($0) / 4 - 0.75 }
    case .doubles(let doubles): return doubles.map { Float($0) }
    case .stored: return []
    }
  }

  @Test(.withPython) func readsWhatOthersWrite() throws {
    try inFolder { folder in
      try Peers.run("stored.py", folder)
      for streaming in [nil, 0] {
        for name in ["float32", "float16", "uint8"] {
          for ending in ["h5", "safetensors"] {
            let found = try values("\(folder)/\(name).\(ending)", streaming: streaming)
            #expect(found == Self.numbers, "\(name).\(ending)")
          }
        }
        let several = "\(folder)/several.h5"
        #expect(try values("\(several):/group/deep", streaming: streaming) == Self.numbers)
        #expect(try values("\(several):one", streaming: streaming) == Self.numbers.map { $0 + 1 })
        #expect(try values("\(several):chunks", streaming: streaming) == Self.numbers)
        #expect(try values("\(several):halves", streaming: streaming) == Self.numbers)
        #expect(try values("\(several):doubles", streaming: streaming) == Self.numbers)
      }
    }
  }

  @Test(
    .withPython,
    arguments: [
      ("", "only one data set"), (":missing", "one of its data sets"), (":filtered", "h5repack"),
      (":big", "little-endian"), (":number", "a single number"), (":text", "others"),
      (":/group", "one of its data sets"),
    ])
  func saysWhatItCannotRead(name: String, words: String) throws {
    try inFolder { folder in
      try Peers.run("stored.py", folder)
      #expect {
        try Dataset.load("\(folder)/several.h5\(name)", directory: nil)
      } throws: {
        "\($0)".contains(words) && "\($0)".contains("expected")
      }
    }
  }
}
