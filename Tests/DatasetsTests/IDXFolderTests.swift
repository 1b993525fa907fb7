import Datasets
import Foundation
import TestFolders
import Testing

@Suite struct IDXFolderTests {
  /// Three training and two test images of 2×2, one file of each kind of packing.
  static let files: [(name: String, bytes: [UInt8])] = [
    ("train-images-idx3-ubyte", idx([3, 2, 2], Array(1...12))),
    ("train-labels-idx1-ubyte.gz", gzip(idx([3], [4, 0, 9]))),
    ("t10k-images-idx3-ubyte.gz", gzip(idx([2, 2, 2], Array(13...20)))),
    ("t10k-labels-idx1-ubyte", idx([2], [1, 2])),
  ]

  private func fill(_ folder: TemporaryFolder, at place: String) throws {
    for file in Self.files { try folder.write(file.bytes, to: "\(place)/\(file.name)") }
  }

  private func folders(_ folder: TemporaryFolder, directory: String? = nil) -> DataFolders {
    DataFolders(
      directory: directory, environment: { ["HOME": folder.path + "/home"][$0] },
      system: folder.path + "/system")
  }

  @Test func readsAFolderByItsPath() throws {
    let folder = try TemporaryFolder()
    try fill(folder, at: "mine")
    let dataset = try Dataset.load(folder.path + "/mine/", folders: folders(folder))
    #expect(dataset.name == "mine")
    #expect(dataset.training.shape == [2, 2, 1])
    #expect(dataset.training.elements == .bytes(Array(1...12)))
    #expect(dataset.training.labels == [4, 0, 9])
    #expect(dataset.test?.elements == .bytes(Array(13...20)))
    #expect(dataset.test?.labels == [1, 2])
    #expect(dataset.labelNames == nil)
    let names = dataset.files.map { URL(fileURLWithPath: $0.path).lastPathComponent }
    #expect(names == Self.files.map(\.name))
  }

  /// Of the training examples only; the hashes are those of the whole files.
  @Test func readsNoMoreThanTheLimit() throws {
    let folder = try TemporaryFolder()
    try fill(folder, at: "mine")
    var options = DataOptions()
    options.rowLimit = 2
    let dataset = try Dataset.load(
      folder.path + "/mine", folders: folders(folder), options: options)
    #expect(dataset.training.elements == .bytes(Array(1...8)))
    #expect(dataset.training.labels == [4, 0])
    #expect(dataset.test?.count == 2)
    #expect(try dataset.files.allSatisfy { try SHA256.hash(ofFile: $0.path) == $0.sha256 })
  }

  @Test func hashesTheFilesAsTheyLie() throws {
    let folder = try TemporaryFolder()
    try fill(folder, at: "mine")
    let dataset = try Dataset.load(folder.path + "/mine", folders: folders(folder))
    // printf '\0\0\10\1\0\0\0\2\1\2' | sha256sum
    #expect(
      dataset.files[3].sha256
        == "7d8d5bbc33d5b40c823ac6678cbbc756ecb1462a2b5bb7feefb0e7a953dbb0f9")
    #expect(try dataset.files.allSatisfy { try SHA256.hash(ofFile: $0.path) == $0.sha256 })
    let abc = try folder.write(Array("abc".utf8), to: "abc")
    // FIPS 180-2, appendix B.1 and B.3.
    #expect(
      try SHA256.hash(ofFile: abc)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let million = try folder.write([UInt8](repeating: 0x61, count: 1_000_000), to: "million")
    #expect(
      try SHA256.hash(ofFile: million)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func looksIntoTheFoldersInOrder() {
    let variables = ["AEGPU_DATA_DIR": "/e/", "XDG_DATA_HOME": "/x", "HOME": "/h"]
    func paths(_ directory: String?, without missing: String...) -> [String] {
      DataFolders(
        directory: directory, environment: { missing.contains($0) ? nil : variables[$0] }
      ).paths
    }
    #expect(paths("d") == ["d", "/e", "/x/aegpu", "/usr/share/datasets"])
    #expect(
      paths(nil, without: "AEGPU_DATA_DIR", "XDG_DATA_HOME")
        == ["/h/.local/share/aegpu", "/usr/share/datasets"])
    let relative = DataFolders(
      directory: nil,
      environment: { ["XDG_DATA_HOME": "x", "HOME": "/h", "AEGPU_DATA_DIR": ""][$0] })
    #expect(relative.paths == ["/h/.local/share/aegpu", "/usr/share/datasets"])
  }

  @Test func takesTheFirstFolderThatHasTheDataSet() throws {
    let folder = try TemporaryFolder()
    try fill(folder, at: "system/mnist")
    let system = try Dataset.load("mnist", folders: folders(folder))
    #expect(system.files[0].path == folder.path + "/system/mnist/train-images-idx3-ubyte")
    #expect(system.labelNames?[9] == "9")
    try fill(folder, at: "own/mnist")
    let own = try Dataset.load("mnist", folders: folders(folder, directory: folder.path + "/own"))
    #expect(own.files[0].path == folder.path + "/own/mnist/train-images-idx3-ubyte")
  }

  @Test func saysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    expect(
      "mnist", folder,
      "mnist: expected its four IDX files in \(path)/home/.local/share/aegpu/mnist, "
        + "\(path)/system/mnist, found none; "
        + "run aegpu data fetch mnist, or put the files into "
        + "\(path)/home/.local/share/aegpu/mnist, or into another folder's subfolder mnist and "
        + "name that folder with --data-dir")
    expect(
      "fashion-mnist", folder,
      "fashion-mnist: expected its four IDX files in "
        + "\(path)/home/.local/share/aegpu/fashion-mnist, \(path)/system/fashion-mnist, "
        + "found none; run aegpu data fetch fashion-mnist, or install the Debian package "
        + "dataset-fashion-mnist")
    expect(
      "no-such-set", folder,
      "data: expected fashion-mnist, mnist, digits, curve3d, daily, or the path of a folder of IDX "
        + "files, images or CSV files, of an image, or of a .npy, .npz, .csv or .tsv file "
        + "(file.npz:name is one array of an archive), a .safetensors, .h5 or .idx file, or a pattern "
        + "of files such as 'logs/*.csv', received no-such-set; "
        + "check the spelling or the path")
    try folder.write(Self.files[0].bytes, to: "part/train-images-idx3-ubyte")
    expect(
      path + "/part", folder,
      "\(path)/part: expected train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz, "
        + "found neither; put the file there")
  }

  @Test func saysWhatDoesNotFit() throws {
    let folder = try TemporaryFolder()
    let set = folder.path + "/system/mnist"
    try fill(folder, at: "system/mnist")
    try folder.write(idx([2], [1, 10]), to: "system/mnist/t10k-labels-idx1-ubyte")
    expect(
      "mnist", folder,
      "\(set)/t10k-labels-idx1-ubyte: expected labels from 0 to 9, received 10; "
        + "download the file again, or pass the folder's path if it is another data set")
    try folder.write(idx([3], [1, 2, 3]), to: "system/mnist/t10k-labels-idx1-ubyte")
    expect(
      "mnist", folder,
      "\(set)/t10k-labels-idx1-ubyte: expected one label per image, 2 labels, received 3 labels; "
        + "take both files from the same data set")
    try folder.write(idx([1], [1]), to: "system/mnist/t10k-labels-idx1-ubyte")
    try folder.write(
      idx([1, 2, 3], [1, 2, 3, 4, 5, 6]), to: "system/mnist/t10k-images-idx3-ubyte")
    expect(
      "mnist", folder,
      "\(set)/t10k-images-idx3-ubyte: expected test images of the training images' shape "
        + "[2, 2, 1], received [2, 3, 1]; take all four files from the same data set")
  }

  @Test func saysWhyAFileCannotBeRead() throws {
    let error = thrown { () throws(DatasetError) in _ = try SHA256.hash(ofFile: "/no/such") }
    #expect(
      error?.description
        == "/no/such: expected a file that can be read, received: no such file or directory; "
        + "check the path and its permissions")
    let device = thrown { () throws(DatasetError) in _ = try SHA256.hash(ofFile: "/dev/zero") }
    #expect(device == .unreadable(path: "/dev/zero", reason: "it is not a regular file"))
  }

  @Test func saysThatAHashHasNoMemory() {
    let error = thrown { () throws(DatasetError) in _ = try SHA256(owning: nil).finish() }
    #expect(
      error?.description
        == "SHA-256: expected memory for a hash, received none from libcrypto; "
        + "free some memory and run the command again")
  }

  private func expect(
    _ name: String, _ folder: TemporaryFolder, _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = thrown { () throws(DatasetError) in
      _ = try Dataset.load(name, folders: folders(folder))
    }
    #expect(error?.description == message, sourceLocation: sourceLocation)
  }
}

/// Debian's package dataset-fashion-mnist.
@Suite struct FashionMNISTTests {
  static let isThere = FileManager.default.fileExists(atPath: "/usr/share/datasets/fashion-mnist")

  @Test(.enabled(if: isThere)) func hasItsCountsAndFirstLabels() throws {
    let folders = DataFolders(directory: nil, environment: { _ in nil })
    let dataset = try Dataset.load("fashion-mnist", folders: folders)
    #expect(dataset.training.count == 60_000)
    #expect(dataset.test?.count == 10_000)
    #expect(dataset.training.shape == [28, 28, 1])
    #expect(dataset.training.elements.byteCount == 47_040_000)
    #expect(dataset.training.labels?.prefix(10) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    #expect(dataset.test?.labels?.prefix(10) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
    #expect(dataset.labelNames?[9] == "Ankle boot")
  }
}
