import Plans

/// Launches that are judged together: all those of one step, and of the steps that share one of
/// them.
struct LaunchGroup {
  let launches: Range<Int>
  /// What they compute, in the plan's order.
  let steps: [Int]
  let kernels: [String]

  /// The launches of a prepared plan, each in one group.
  static func groups(of executable: any SteppedExecutable) -> [LaunchGroup] {
    let launches = executable.launches
    var last: [Int: Int] = [:]
    for (index, launch) in launches.enumerated() {
      for step in launch.steps { last[step] = index }
    }
    let guests = Dictionary(grouping: executable.hosts, by: \.value).mapValues { $0.map(\.key) }
    var groups: [LaunchGroup] = []
    var start = 0
    while start < launches.count {
      var end = start
      var index = start
      while index <= end {
        for step in launches[index].steps { end = max(end, last[step]!) }
        index += 1
      }
      let own = Set(launches[start...end].flatMap(\.steps))
      groups.append(
        LaunchGroup(
          launches: start..<end + 1,
          steps: own.union(own.flatMap { guests[$0] ?? [] }).sorted(),
          kernels: launches[start...end].flatMap(\.kernels)))
      start = end + 1
    }
    return groups
  }
}
