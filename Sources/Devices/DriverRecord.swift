import Foundation
import Reports

/// Which drivers passed when they were looked at: the file `drivers` of the program's cache folder,
/// a line each.
struct DriverRecord: Sendable {
  private let path: String

  /// A driver as it was then.
  struct Entry: Hashable, Sendable {
    /// The file by which the loader finds it.
    let path: String
    /// The library that this names; empty where that is not known.
    let library: String
    /// What tells that neither changed, and the machine did not start anew.
    let stamp: String

    init?(path: String, library: String) {
      guard !(path + library).contains(where: { $0.isNewline || $0 == "\t" }) else { return nil }
      (self.path, self.library) = (path, library)
      stamp = Self.stamp(path, library)
    }

    fileprivate init?(line: Substring) {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      (path, library, stamp) = (String(parts[0]), String(parts[1]), String(parts[2]))
    }

    var isCurrent: Bool { stamp == Self.stamp(path, library) }

    fileprivate var line: String { "\(path)\t\(library)\t\(stamp)\n" }

    /// Sizes and times of both files, and which start of the machine it is: a new kernel is a new
    /// driver.
    private static func stamp(_ path: String, _ library: String) -> String {
      let files = [path, library].map { path in
        var status = stat()
        guard stat(path, &status) == 0 else { return "none" }
        return "\(status.st_size).\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
      }
      let start =
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
      return (files + [start.filter { !$0.isWhitespace }]).joined(separator: " ")
    }
  }

  /// - Parameter folder: the program's cache folder.
  init(folder: String) { path = "\(folder)/drivers" }

  func known() -> [Entry] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { Entry(line: $0) }
  }

  /// Where it cannot be written, drivers are looked at again.
  func write(_ entries: [Entry]) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? AtomicFile.write(entries.map(\.line).joined(), to: path)
  }

  /// The library that the only driver the loader sees names, where this process has it loaded.
  static func loadedLibrary() -> String? {
    let environment = ProcessInfo.processInfo.environment
    guard let file = DriverFiles(environment: { environment[$0] }).paths.first,
      let text = try? String(contentsOfFile: file, encoding: .utf8),
      let name = text.split(whereSeparator: \.isWhitespace).first?.split(separator: "/").last
    else { return nil }
    // A link's target has the same name with more behind it.
    return loaded().first { $0.split(separator: "/").last?.hasPrefix(name) ?? false }
  }

  /// The paths of what this process has mapped. The system gives them in pieces, which are no end.
  private static func loaded() -> [String] {
    guard let file = fopen("/proc/self/maps", "re") else { return [] }
    defer { fclose(file) }
    var (line, size) = (UnsafeMutablePointer<CChar>?.none, 0)
    defer { free(line) }
    var paths: [String] = []
    while getline(&line, &size, file) > 0, let line {
      let text = String(cString: line).dropLast()
      if let start = text.firstIndex(of: "/") { paths.append(String(text[start...])) }
    }
    return paths
  }
}
