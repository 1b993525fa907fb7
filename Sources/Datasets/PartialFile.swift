import Glibc
import Subprocesses

/// A download in progress, `<path>.part`, locked by this process while this value exists.
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
        place: path, expected: "to be the only process that downloads it",
        received: "another process that does", advice: "wait until that has ended")
    }
  }

  deinit {
    // A child process that has not executed its program yet holds the lock, too.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Downloads the missing bytes, checks the hash, and gives the file its final name.
  ///
  /// If the bytes of an earlier transfer turn out to be wrong, it starts again, once.
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
        advice: "try again later, or get the file from another source")
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

  /// Runs curl. A server that does not support resuming is not a problem.
  private func transfer(_ url: String, _ showsProgress: Bool) throws(DatasetError) {
    let arguments = [
      "--fail", "--location", "--proto", "=http,https", "--connect-timeout", "30",
      "--speed-limit", "1", "--speed-time", "60",  // Give up after a minute without a byte.
      showsProgress ? "--progress-bar" : "--silent", "--write-out", "%{http_code} %{errormsg}",
      "--continue-at", "-", "--output", partPath, url,
    ]
    let result: Subprocess.Result
    do throws(Subprocess.Failure) {
      result = try Subprocess.run("curl", arguments, showsErrors: showsProgress)
    } catch {
      throw Self.noCurl(url, error)
    }
    // These codes are in curl's manual under EXIT CODES.
    switch result.status {
    case 0, 33: return
    case 18:
      throw .unexpected(
        place: url, expected: "the whole file", received: "its first \(size) bytes",
        advice: "run the command again to resume the download")
    case 22:
      let status = String(decoding: result.output.prefix(3), as: UTF8.self)
      forgetIfEmpty()
      throw .unexpected(
        place: url, expected: "the file", received: "HTTP status \(status)",
        advice: "try again later, or get the file from another source")
    case 23:
      forgetIfEmpty()
      throw .unexpected(
        place: partPath, expected: "to write the downloaded bytes", received: "a write error",
        advice: "free some disk space or choose another folder with --data-dir")
    default:
      forgetIfEmpty()
      let reason = String(decoding: result.output.dropFirst(4), as: UTF8.self)
      throw .unexpected(
        place: url, expected: "the file",
        received: reason.isEmpty ? "curl's exit status \(result.status)" : reason,
        advice: "check the connection and run the command again")
    }
  }

  /// Removes an empty partial file.
  private func forgetIfEmpty() {
    if size == 0 { unlink(partPath) }
  }

  private static func noCurl(_ url: String, _ failure: Subprocess.Failure) -> DatasetError {
    switch failure {
    case .notFound:
      .unexpected(
        place: url, expected: "curl on the PATH", received: "none",
        advice: "install the package curl, or get the file in another way")
    case .notStarted(_, let reason):
      .unexpected(
        place: url, expected: "curl to run", received: reason,
        advice: "free some disk space and memory and run the command again")
    }
  }

  private static func unwritable(_ path: String, _ code: Int32) -> DatasetError {
    .unexpected(
      place: path, expected: "a file that can be written",
      received: String(cString: strerror(code)).lowercased(),
      advice: "check the folder and its permissions, or choose another with --data-dir")
  }
}

/// Folders for data sets.
enum OutputFolder {
  /// Creates the folder and its missing parents.
  static func create(
    _ path: String, advice: String = "choose another with --data-dir"
  ) throws(DatasetError) {
    if InputFile.isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try create(String(path[..<slash]), advice: advice)
    }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && InputFile.isFolder(path) else {
      throw .unexpected(
        place: path, expected: "a folder that can be created",
        received: String(cString: strerror(errno)).lowercased(),
        advice: advice)
    }
  }
}
