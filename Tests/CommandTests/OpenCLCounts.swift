/// What the library OpenCLCounter writes.
struct OpenCLReport: Decodable {
  let after: OpenCLCounts?
  let end: OpenCLCounts
}

/// The counts of one moment.
struct OpenCLCounts: Decodable {
  struct Objects: Decodable, Equatable {
    let created, retained, released: Int
  }
  struct Calls: Decodable {
    let context, queue, buffer, program, kernel, event: Objects
    let launches, reads, writes, waits, arguments: Int

    /// All but events, by which one queue waits for the other.
    var lasting: [Objects] { [context, queue, buffer, program, kernel] }
  }
  let program, clblast: Calls
  let alive: [String: Int]
}
