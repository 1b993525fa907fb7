import Kernels

/// The text of a fused launch: the kernels that it runs as functions, and one that calls them.
///
/// A kernel that is compiled in several ways is there once for each; all that its text defines is
/// renamed or taken back before the next.
struct FusedSource {
  /// What the kernel is given, in its order.
  let buffers: [Place]
  let text: String

  init(_ branches: [Branch]) {
    let launches = branches.flatMap(\.launches)
    var programs: [ProgramKey] = []
    var buffers: [Place] = []
    for launch in launches {
      if !programs.contains(launch.program) { programs.append(launch.program) }
      for place in launch.arguments.compactMap(\.place) where !buffers.contains(place.buffer) {
        buffers.append(place.buffer)
      }
    }
    self.buffers = buffers
    let functions = programs.enumerated().map { Self.function($1, number: $0) }
    let parameters = buffers.indices.map { "__global void *buffer\($0)" }
    var bodies: [String] = []
    let places = branches.map { branch in
      let body = branch.launches.map { launch in
        Self.call(
          launch, number: programs.firstIndex(of: launch.program)!, of: branch.groupCount, buffers)
      }.joined()
      if let known = bodies.firstIndex(of: body) { return known }
      bodies.append(body)
      return bodies.count - 1
    }
    text =
      functions.joined() + """

      \(Self.table("bodies", places))
      \(Self.table("counts", branches.map(\.groups.count)))
      \(Self.table("firsts", branches.map(\.groups.lowerBound)))
      __kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fused(
        \(parameters.joined(separator: ", "))) {
        int group = get_group_id(0), place = 0;
        for (; group >= counts[place]; ++place) group -= counts[place];
        group += firsts[place];
        switch (bodies[place]) {
      \(bodies.enumerated().map { "  case \($0):\n\($1)    break;\n" }.joined())  }
      }

      """
  }

  private static func table(_ name: String, _ numbers: [Int]) -> String {
    "__constant int \(name)[] = {\(numbers.map(\.description).joined(separator: ", "))};"
  }

  /// A kernel file as functions, with the number of its variant behind their names.
  private static func function(_ program: ProgramKey, number: Int) -> String {
    let text = program.source.replacing("ae_", with: "ae\(number)_")
    let macros = text.split(separator: "\n").compactMap { line -> Substring? in
      guard line.hasPrefix("#define ") else { return nil }
      return line.dropFirst(8).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    let settings =
      program.defines + ["CALLED=1"] + kernels(in: text).map { "\($0)=\($0)\(number)" }
    let names = settings.map { $0.prefix { $0 != "=" } }
    return settings.map { define in
      let words = define.split(separator: "=", maxSplits: 1)
      return "#define \(words[0]) \(words[1])\n"
    }.joined() + text
      + Set(macros + names).sorted().map { "#undef \($0)\n" }.joined()
  }

  /// The names of what a text has as `FLAT void name(` or `ENTRY(…) void name(`.
  private static func kernels(in text: String) -> Set<Substring> {
    Set(
      text.split(separator: "\n").compactMap { line in
        guard line.hasPrefix("FLAT void ") || line.hasPrefix("ENTRY("), line.hasSuffix("(") else {
          return nil
        }
        return line.dropLast().split(separator: " ").last
      })
  }

  /// Calls for the groups of one launch that fall to a group of its branch.
  private static func call(
    _ launch: Launch, number: Int, of groups: Int, _ buffers: [Place]
  ) -> String {
    func buffer(_ place: Place) -> String {
      "buffer\(buffers.firstIndex(of: place.buffer)!)"
    }
    let arguments = launch.arguments.map { argument in
      switch argument {
      case .int(let value): "\(value)"
      case .word(let value): "\(value)u"
      case .float(let value): "as_float(\(Float(value).bitPattern)u)"
      case .buffer(let place): buffer(place)
      case .tensor(let place): "\(buffer(place)), \(place.offset)"
      }
    }
    func call(_ ids: String) -> String {
      "\(launch.kernel)\(number)(\(ids), \(arguments.joined(separator: ", ")));\n"
    }
    let first = launch.groups[0], second = launch.groups.dropFirst().first ?? 1
    if first * second == groups {
      return "    " + call("group % \(first), group / \(first), \(first), \(second)")
    }
    precondition(second == groups, "a launch is cut as its branch is")
    return "    for (int i = 0; i < \(first); ++i) "
      + call("i, group, \(first), \(second)")
  }
}
