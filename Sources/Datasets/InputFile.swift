import Glibc

/// Reading of whole files, a piece at a time.
enum InputFile {
  /// The contents of a regular file and the hash of those same bytes, in one pass.
  static func read(_ path: String) throws(DatasetError) -> (bytes: [UInt8], file: DatasetFile) {
    var bytes: [UInt8] = []
    var hash = try SHA256()
    try forEachPiece(of: path, reserve: { bytes.reserveCapacity($0) }) { piece in
      hash.update(piece)
      bytes.append(contentsOf: piece)
    }
    return (bytes, DatasetFile(path: path, sha256: hash.finish()))
  }

  static func isFolder(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Something that is no folder lies at `path`.
  static func exists(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT != S_IFDIR } ?? false
  }

  /// The last name in a path: `mine` of `data/mine/`.
  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// `csv` of `data/iris.CSV`; empty where the last name has no dot within.
  static func fileExtension(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// The names in a folder that do not begin with a dot, sorted by their bytes.
  static func names(inFolder path: String) throws(DatasetError) -> [String] {
    guard let folder = opendir(path) else {
      throw .unreadable(path: path, reason: reason(errno))
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  /// Hands over the file's bytes, 1 MiB at a time, after `reserve` has heard its size.
  ///
  /// Throws `.unreadable` with the system's reason; devices and pipes, which have no size, too.
  static func forEachPiece(
    of path: String, reserve: (Int) -> Void = { _ in }, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(DatasetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: reason(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: reason(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    reserve(Int(status.st_size))

    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = Glibc.read(descriptor, piece.baseAddress, piece.count)
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: reason(errno))
      }
      body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code)).lowercased()
  }
}
