import Kernels

/// Launches that a group runs one after the other, without waiting for other groups.
struct Branch {
  /// Each has as many groups as the branch, or has the branch's groups as its second dimension:
  /// then each of them runs the groups of the first dimension in turn.
  let launches: [Launch]
  let groupCount: Int
}

/// Branches that run in parallel, before those of the next phase.
typealias Phase = [Branch]

extension Launch {
  /// A launch that runs these branches in parallel: the kernels become functions of its source
  /// text, which a new kernel calls. Each compute unit gets about the same part of each branch if
  /// the driver assigns neighbouring groups to one unit.
  ///
  /// Sizes, offsets and factors are not in the source text, so a smaller last batch uses the same
  /// program, unless it has fewer parts or other tile heights.
  init(fusing branches: Phase, units: Int, defines: [String]) {
    self.init(
      FusedText([branches], units: units), defines: defines,
      groupCount: branches.map(\.groupCount).reduce(0, +))
  }

  /// A launch that runs these phases one after the other, with so many groups, at most one for each
  /// compute unit. The groups take the parts of the phases in turn, each when it has finished one, and wait for those
  /// of earlier phases. As only a group that runs takes a part, none waits for a group that has not
  /// begun: on CPU devices, where groups are threads, all end. Such a wait takes a fraction of a
  /// microsecond, another launch about five.
  ///
  /// It can do all phases several times, one after the other.
  init(fusing phases: [Phase], units: Int, groupCount: Int, defines: [String]) {
    let text = FusedText(phases, units: units)
    self.init(text, defines: defines, groupCount: groupCount)
    timesArgument = arguments.count
    arguments.append(.int(1))
  }

  private init(_ text: FusedText, defines: [String], groupCount: Int) {
    self.init(
      file: "fused", kernel: "fused", defines: defines,
      arguments: [.numbers(text.numbers)] + text.buffers.map(Argument.buffer),
      groups: [groupCount], local: [1], source: text.source)
  }
}

/// The source text of a fused launch, and its arguments.
private struct FusedText {
  private(set) var source = ""
  /// Sizes, offsets and factors, in the order of their use.
  private(set) var numbers: [UInt32] = []
  private(set) var buffers: [Place] = []
  /// The kernel files in the text, each with its defines.
  private var programs: [ProgramKey] = []

  init(_ phases: [Phase], units: Int) {
    let cases = phases.joined().enumerated().map { index, branch in
      let calls = branch.launches.map { call($0, of: branch.groupCount) }
      return "  case \(index):\n\(calls.joined())    break;\n"
    }
    let parts = FusedParts(phases, units: units)
    let state = phases.count > 1 ? buffer(.state) : nil
    let parameters =
      ["__global const uint *numbers"]
      + buffers.indices.map { "__global void *buffer\($0)" }
      + (state == nil ? [] : ["int times"])
    source =
      programs.enumerated().map { Self.functions($1, number: $0) }.joined() + """
        \(FusedParts.table("counts", parts.counts))
        \(FusedParts.table("firsts", parts.firsts))
        \(state == nil ? "" : parts.phaseTables)
        __kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fused(
          \(parameters.joined(separator: ", "))) {
        \(state.map(parts.begin) ?? "  int group = get_group_id(0), place = 0;")
          for (; group >= counts[place]; ++place) group -= counts[place];
        \(state == nil ? "" : FusedParts.wait)
          group += firsts[place];
          switch (\(state == nil ? "place % \(phases[0].count)" : "cases[place]")) {
        \(cases.joined())  }
        \(state == nil ? "" : FusedParts.end)
        }

        """
  }

  /// Calls for the groups of a launch that belong to a group of its branch.
  private mutating func call(_ launch: Launch, of groupCount: Int) -> String {
    if let elements = launch.elements { return call(launch, elements, of: groupCount) }
    let arguments = launch.arguments.map { argument($0) }
    let variant = variant(launch.program)
    let (first, second) = (launch.groups[0], launch.groups.dropFirst().first ?? 1)
    func text(_ ids: String) -> String {
      "\(launch.kernel)\(variant)(\(ids), \(first), \(second), "
        + "\(arguments.joined(separator: ", ")));\n"
    }
    if first * second == groupCount { return "    " + text("group % \(first), group / \(first)") }
    precondition(second == groupCount, "a launch must be divided like its branch")
    return "    for (int i = 0; i < \(first); ++i) " + text("i, group")
  }

  /// A call for a group's part of the rows, as if there were no other rows.
  private mutating func call(
    _ launch: Launch, _ elements: Launch.Elements, of groupCount: Int
  ) -> String {
    precondition(launch.groups == [groupCount], "a launch must be divided like its branch")
    let (rows, columns) = (number(UInt32(elements.rows)), number(UInt32(elements.columns)))
    let arguments = launch.arguments.dropFirst().map { argument in
      let text = self.argument(argument)
      if case .tensor = argument { return "\(text) + first" }
      return text
    }
    return """
          {
            const int first = (long)\(rows) * group / \(groupCount) * \(columns);
            const int end = (long)\(rows) * (group + 1) / \(groupCount) * \(columns);
            \(launch.kernel)\(variant(launch.program))(
              0, 0, 1, 1, end - first, \(arguments.joined(separator: ", ")));
          }

      """
  }

  private mutating func argument(_ argument: Argument) -> String {
    switch argument {
    case .int(let value): number(UInt32(bitPattern: Int32(value)))
    case .word(let value): number(value)
    case .float(let value): "as_float(\(number(Float(value).bitPattern)))"
    case .buffer(let place): buffer(place)
    case .tensor(let place): "\(buffer(place)), \(number(UInt32(place.offset)))"
    case .numbers: preconditionFailure("a fused launch cannot contain a fused launch")
    }
  }

  private mutating func number(_ word: UInt32) -> String {
    numbers.append(word)
    return "numbers[\(numbers.count - 1)]"
  }

  private mutating func buffer(_ place: Place) -> String {
    if !buffers.contains(place.buffer) { buffers.append(place.buffer) }
    return "buffer\(buffers.firstIndex(of: place.buffer)!)"
  }

  private mutating func variant(_ program: ProgramKey) -> Int {
    if let known = programs.firstIndex(of: program) { return known }
    programs.append(program)
    return programs.count - 1
  }

  /// A kernel file as functions, with the number of its variant appended to their names. Its
  /// defines are undefined at its end, for the next file.
  private static func functions(_ program: ProgramKey, number: Int) -> String {
    let text = program.text.replacing("ae_", with: "ae\(number)_")
    let lines = text.split(separator: "\n")
    let macros = lines.compactMap { line -> Substring? in
      guard line.hasPrefix("#define ") else { return nil }
      return line.dropFirst(8).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    // `FLAT void name(` or `ENTRY(…) void name(`
    let kernels = Set(
      lines.compactMap { line -> Substring? in
        guard line.hasPrefix("FLAT void ") || line.hasPrefix("ENTRY("), line.hasSuffix("(") else {
          return nil
        }
        return line.dropLast().split(separator: " ").last
      })
    let defines = program.defines + ["CALLED=1"] + kernels.sorted().map { "\($0)=\($0)\(number)" }
    let begin = defines.map { define in
      let words = define.split(separator: "=", maxSplits: 1)
      return "#define \(words[0]) \(words[1])\n"
    }
    let names = Set(macros + defines.map { $0.prefix { $0 != "=" } })
    return begin.joined() + text + names.sorted().map { "#undef \($0)\n" }.joined()
  }
}
