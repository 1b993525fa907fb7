import Glibc
import Subprocesses

/// A file on its way: `<path>.part`, ours alone for as long as this value lives.
struct PartialFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var partPath: String { path + ".part" }

  init(path: String) throws(DatasetError) {
    self.path = path
    descriptor = open(path + ".part", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.unwritable(path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .unexpected(
        place: path, expected: "to be the only one who gets it",
        received: "another process that does", advice: "wait for it to end")
    }
  }

  deinit {
    // A child that is about to become another program holds the lock, too, until it does.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Gets what is missing, judges the hash, and gives the file its name.
  ///
  /// Where an earlier transfer's bytes turn out to be of no use, it begins anew, once.
  func complete(
    _ file: DataFetch.File, url: String, _ showsProgress: Bool, _ report: (DataFetch.Event) -> Void
  ) throws(DatasetError) {
    let earlier = size
    var received = earlier > 0 ? try hash() : ""
    if received != file.sha256 {
      report(.fetching(url: url, resumedAt: earlier))
      try transfer(url, showsProgress)
      received = try hash()
      if earlier > 0, received != file.sha256 {
        ftruncate(descriptor, 0)
        report(.fetching(url: url, resumedAt: 0))
        try transfer(url, showsProgress)
        received = try hash()
      }
    }
    guard received == file.sha256 else {
      unlink(partPath)
      throw .unexpected(
        place: url, expected: "SHA-256 \(file.sha256)", received: received,
        advice: "try again later, or get the file from elsewhere")
    }
    guard fsync(descriptor) == 0, rename(partPath, path) == 0 else {
      throw Self.unwritable(path, errno)
    }
  }

  private var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  private func hash() throws(DatasetError) -> String {
    try SHA256.hash(ofFile: partPath)
  }

  /// Runs curl. A server that cannot go on from where an earlier transfer ended changes nothing.
  private func transfer(_ url: String, _ showsProgress: Bool) throws(DatasetError) {
    let arguments = [
      "--fail", "--location", "--proto", "=http,https", "--connect-timeout", "30",
      "--speed-limit", "1", "--speed-time", "60",  // A minute without a byte is the end.
      showsProgress ? "--progress-bar" : "--silent", "--write-out", "%{http_code} %{errormsg}",
      "--continue-at", "-", "--output", partPath, url,
    ]
    let result: Subprocess.Result
    do throws(Subprocess.Failure) {
      result = try Subprocess.run("curl", arguments, showsErrors: showsProgress)
    } catch {
      throw Self.noCurl(url, error)
    }
    // The codes that curl's manual lists under EXIT CODES.
    switch result.status {
    case 0, 33: return
    case 18:
      throw .unexpected(
        place: url, expected: "the whole file", received: "its first \(size) bytes",
        advice: "run the command again to go on from there")
    case 22:
      let status = String(decoding: result.output.prefix(3), as: UTF8.self)
      forgetIfEmpty()
      throw .unexpected(
        place: url, expected: "the file", received: "HTTP status \(status)",
        advice: "try again later, or get the file from elsewhere")
    case 23:
      forgetIfEmpty()
      throw .unexpected(
        place: partPath, expected: "room for what arrives", received: "a write that failed",
        advice: "free some space or choose another folder with --data-dir")
    default:
      forgetIfEmpty()
      let reason = String(decoding: result.output.dropFirst(4), as: UTF8.self)
      throw .unexpected(
        place: url, expected: "the file",
        received: reason.isEmpty ? "curl's exit status \(result.status)" : reason,
        advice: "check the connection and run the command again")
    }
  }

  /// Leaves no file behind that says nothing.
  private func forgetIfEmpty() {
    if size == 0 { unlink(partPath) }
  }

  private static func noCurl(_ url: String, _ failure: Subprocess.Failure) -> DatasetError {
    switch failure {
    case .notFound:
      .unexpected(
        place: url, expected: "curl on the PATH", received: "none",
        advice: "install the package curl, or get the file by other means")
    case .notStarted(_, let reason):
      .unexpected(
        place: url, expected: "curl to run", received: reason,
        advice: "free some space and memory and run the command again")
    }
  }

  private static func unwritable(_ path: String, _ code: Int32) -> DatasetError {
    .unexpected(
      place: path, expected: "a file that can be written",
      received: String(cString: strerror(code)).lowercased(),
      advice: "check the folder and its permissions, or choose another with --data-dir")
  }
}

/// Folders to put data sets in.
enum OutputFolder {
  /// Makes the folder and those above it that are missing.
  static func create(_ path: String) throws(DatasetError) {
    if InputFile.isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try create(String(path[..<slash]))
    }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && InputFile.isFolder(path) else {
      throw .unexpected(
        place: path, expected: "a folder that can be made",
        received: String(cString: strerror(errno)).lowercased(),
        advice: "choose another with --data-dir")
    }
  }
}
