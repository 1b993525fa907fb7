import Glibc
import Subprocesses

/// Downloads a data set's files over HTTPS. SHA-256 hashes are checked, interrupted transfers are
/// resumed, and a file is either complete or absent.
///
/// A download is stored as the file's name and `.part`. If the transfer is interrupted, this file
/// stays and the next call resumes it; it gets its final name when its hash is correct. The
/// transfer is done by the program curl, which supports proxies, certificates and resuming and adds
/// no library to aegpu.
package struct DataFetch: Hashable, Sendable {
  package let name: String
  /// The URL of the folder with the files.
  package var baseURL: String
  package let files: [File]

  package struct File: Hashable, Sendable {
    package let name: String
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    package init(_ name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// The progress of one file, for messages.
  package enum Event: Hashable, Sendable {
    /// It existed already, with the correct hash.
    case kept(path: String)
    /// - Parameter resumedAt: the bytes of an earlier transfer; 0 for a new one.
    case fetching(url: String, resumedAt: Int)
    case fetched(path: String)
  }

  package init(name: String, baseURL: String, files: [File]) {
    self.name = name
    self.baseURL = baseURL
    self.files = files
  }

  /// The data sets that can be downloaded.
  package static let all = [fashionMNIST, mnist]

  /// Throws `.unexpected` with the known names.
  package static func named(_ name: String) throws(DatasetError) -> DataFetch {
    guard let fetch = all.first(where: { $0.name == name }) else {
      throw .unexpected(
        place: "data fetch", expected: all.map(\.name).joined(separator: " or "), received: name,
        advice: "see aegpu data list")
    }
    return fetch
  }

  /// Downloads the missing files into the first of the searched folders, in a subfolder of the data
  /// set's name. Returns that folder.
  package func run(
    into folders: DataFolders, showsProgress: Bool = false, report: (Event) -> Void = { _ in }
  ) throws(DatasetError) -> String {
    let folder = "\(folders.paths[0])/\(name)"
    let base = baseURL.hasSuffix("/") ? baseURL : baseURL + "/"
    try OutputFolder.create(folder)
    for file in files {
      let path = "\(folder)/\(file.name)"
      if InputFile.exists(path), try SHA256.hash(ofFile: path) == file.sha256 {
        report(.kept(path: path))
        continue
      }
      let part = try PartialFile(path: path)
      try part.complete(file, url: base + file.name, showsProgress, report)
      report(.fetched(path: path))
    }
    return folder
  }
}

extension DataFetch {
  /// The original files, from PyTorch's mirror.
  package static let mnist = DataFetch(
    name: "mnist", baseURL: "https://ossci-datasets.s3.amazonaws.com/mnist/",
    files: [
      File(
        "train-images-idx3-ubyte.gz",
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
      File(
        "train-labels-idx1-ubyte.gz",
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
      File(
        "t10k-images-idx3-ubyte.gz",
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
      File(
        "t10k-labels-idx1-ubyte.gz",
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ])

  /// From the authors' repository: their other address, an S3 web site, has no HTTPS.
  package static let fashionMNIST = DataFetch(
    name: "fashion-mnist",
    baseURL: "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    files: [
      File(
        "train-images-idx3-ubyte.gz",
        sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      File(
        "train-labels-idx1-ubyte.gz",
        sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      File(
        "t10k-images-idx3-ubyte.gz",
        sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      File(
        "t10k-labels-idx1-ubyte.gz",
        sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ])
}
