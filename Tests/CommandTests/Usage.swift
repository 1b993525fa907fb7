import Foundation

/// What a process has of the system's, again and again until it ends.
struct Usage {
  struct Sample {
    /// The size of the file that grows with the process's work.
    let progress: Int
    /// Resident memory.
    let kilobytes: Int
    let handles: Int
    let threads: Int
  }

  private(set) var samples: [Sample] = []

  /// - Parameter progress: the file that grows with its work.
  init(of process: pid_t, progress: String) {
    let place = "/proc/\(process)"
    let files = FileManager.default
    let deadline = ContinuousClock.now + .seconds(1800)
    // A process that ended has no such folders, or empty ones.
    while ContinuousClock.now < deadline,
      let handles = try? files.contentsOfDirectory(atPath: place + "/fd").count, handles > 0,
      let threads = try? files.contentsOfDirectory(atPath: place + "/task").count,
      let memory = try? String(contentsOfFile: place + "/statm", encoding: .utf8)
    {
      let pages = memory.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      var status = stat()
      samples.append(
        Sample(
          progress: stat(progress, &status) == 0 ? Int(status.st_size) : 0,
          kilobytes: pages * sysconf(Int32(_SC_PAGESIZE)) / 1024, handles: handles,
          threads: threads))
      usleep(1000)
    }
  }

  /// Those of a part of the work, 0 to 1. What comes after the last growth is not work.
  func within(_ part: Range<Double>) -> [Sample] {
    let all = Double(samples.last?.progress ?? 0)
    let range = all * part.lowerBound..<all * part.upperBound
    return samples.filter { range.contains(Double($0.progress)) }
  }
}
