/// Launches whose kernels another process compiles, for a driver that compiles one kernel at a time
/// in each process and caches the results on disk: PoCL.
///
/// One process compiles a plan from its first launch, the other from its last; each finds the
/// kernels that the other compiled in the cache.
/// last; what one needs that the other compiled, it finds on the disk.
package struct Precompilation: Hashable, Sendable, Codable {
  /// An index of `OpenCLDevices.all()`.
  private let deviceIndex: Int
  /// One launch of each kernel and work-group size.
  private var launches: [Launch]
  /// The sizes of the buffers in their arguments.
  private let byteCounts: [Place: Int]

  /// - Parameter memory: the buffers of an instruction.
  init(_ list: LaunchList, _ backend: OpenCLBackend, _ memory: (_ instruction: Int) -> Memory) {
    var launches: [Launch] = []
    var byteCounts: [Place: Int] = [:]
    for (index, instruction) in list.instructions.enumerated() {
      guard case .launch(var launch) = instruction else { continue }
      launch.groups = launch.groups.map { _ in 1 }
      let isNew = !launches.contains {
        $0.program == launch.program && $0.kernel == launch.kernel && $0.local == launch.local
      }
      guard isNew else { continue }
      launches.append(launch)
      for place in launch.arguments.compactMap(\.place) {
        if case .examples(let feed) = place, let examples = list.layout.feeds[feed]?.examples {
          // An order of zeros gathers the first example again and again.
          byteCounts[place] = examples.byteCount / max(1, examples.shape.dimensions[0])
        } else {
          // Scratch is one buffer here, and may be two in the other process.
          let byteCount = memory(index).buffer(place).byteCount
          byteCounts[place.buffer] = max(byteCount, byteCounts[place.buffer] ?? 0)
        }
      }
    }
    deviceIndex = Int(backend.device.identifier)!
    self.launches = launches.reversed()
    self.byteCounts = byteCounts
  }

  /// The number of kernels.
  package var count: Int { launches.count }

  /// The total size of the buffers.
  package var byteCount: Int { byteCounts.values.reduce(0, +) }

  /// The same for several processes, each of which begins at another launch.
  package func shared(among count: Int) -> [Precompilation] {
    (0..<count).map { index in
      var part = self
      part.launches = Array(launches.dropFirst(launches.count * index / (count + 1)))
      return part
    }
  }

  /// Compiles all kernels. A driver compiles a kernel when it is run, so each is run, on zeros.
  /// - Parameter shouldStop: checked before each.
  package func run(shouldStop: () -> Bool) throws(OpenCLError) {
    let backend = try OpenCLBackend(deviceIndex: deviceIndex)
    var buffers: [Place: Buffer] = [:]
    for (place, byteCount) in byteCounts {
      buffers[place] = try backend.makeBuffer("\(place)", count: (byteCount + 3) / 4, fill: 0)
    }
    for launch in launches where !shouldStop() {
      try backend.build([launch.program])
      let slot = QueueSlot(queue: backend.queue, start: nil, end: nil)
      try BoundLaunch(launch, slot, backend) { buffers[$0.buffer]! }.run()
      try backend.queue.finish()
    }
  }
}
