import Glibc

/// The memory that the process can still use, so that data that do not fit are refused with a clear
/// message before memory is allocated.
package enum AvailableMemory {
  /// The minimum of free memory, the process's own limit (`ulimit -v`) and the limits of its
  /// control groups; a limit that cannot be read is ignored.
  package static var byteCount: Int {
    [machine, addressSpace, controlGroups].compactMap { $0 }.min().map { max($0, 0) } ?? .max
  }

  /// The memory that the process has now: its resident set.
  package static var residentByteCount: Int {
    number(after: "VmRSS:", in: "/proc/self/status").map { $0 * 1024 } ?? 0
  }

  /// Throws unless this size fits.
  /// - Parameters:
  ///   - place: the name of what needs it, for the message.
  ///   - expected: the kind of thing that needs it.
  ///   - what: its type and shape, for the message.
  ///   - advice: what the user can do, given the free bytes.
  package static func check(
    _ needed: Int, place: String, expected: String = "an array", what: String,
    advice: (_ available: Int) -> String
  ) throws(DatasetError) {
    // For a small array, the check would take longer than the allocation.
    guard needed > 1 << 24 else { return }
    let available = byteCount
    guard needed > available else { return }
    throw .unexpected(
      place: place,
      expected: "\(expected) that fits into the \(text(available)) of free memory",
      received: "\(text(needed)) (\(what))", advice: advice(available))
  }

  /// `12.3 GB`, `512 MB`
  package static func text(_ byteCount: Int) -> String {
    let tenths = (byteCount + 50_000_000) / 100_000_000
    return tenths < 10
      ? "\((byteCount + 500_000) / 1_000_000) MB" : "\(tenths / 10).\(tenths % 10) GB"
  }

  /// The memory that the kernel can provide without swapping.
  private static var machine: Int? {
    number(after: "MemAvailable:", in: "/proc/meminfo").map { $0 * 1024 }
  }

  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(Int.max),
      let used = number(after: "VmSize:", in: "/proc/self/status")
    else { return nil }
    return Int(limit.rlim_cur) - used * 1024
  }

  /// The free memory of the process's control groups and the groups above them. Cached file pages
  /// count as free.
  private static var controlGroups: Int? {
    let groups = text(of: "/proc/self/cgroup")?.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil as (root: String, group: String, v2: Bool)? }
      if parts[1].isEmpty { return ("/sys/fs/cgroup", String(parts[2]), true) }
      let isMemory = parts[1].split(separator: ",").contains("memory")
      return isMemory ? ("/sys/fs/cgroup/memory", String(parts[2]), false) : nil
    }
    return (groups ?? []).flatMap { root, group, v2 in
      // In a container, the group's path may be the host's; so the root is always checked.
      let names = group.split(separator: "/")
      return (0...names.count).compactMap { depth in
        left(in: ([root] + names.prefix(depth).map(String.init)).joined(separator: "/"), v2: v2)
      }
    }.min()
  }

  private static func left(in folder: String, v2: Bool) -> Int? {
    let (limit, usage, cached) =
      v2
      ? ("memory.max", "memory.current", "inactive_file ")
      : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ")
    // `max`, or a huge number, means no limit.
    guard let limit = number(after: "", in: "\(folder)/\(limit)"), limit < 1 << 60,
      let used = number(after: "", in: "\(folder)/\(usage)")
    else { return nil }
    return limit - used + (number(after: cached, in: "\(folder)/memory.stat") ?? 0)
  }

  /// The first number after this beginning of a line.
  private static func number(after start: String, in path: String) -> Int? {
    for line in text(of: path)?.split(separator: "\n") ?? [] where line.hasPrefix(start) {
      let rest = line.dropFirst(start.count).drop { $0 == " " || $0 == "\t" }
      return Int(rest.prefix { $0.isNumber })
    }
    return nil
  }

  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
