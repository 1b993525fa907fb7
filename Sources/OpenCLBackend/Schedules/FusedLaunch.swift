import Kernels

/// Launches that a group runs one after the other, without waiting for other groups.
struct Branch {
  /// Each has as many groups as the branch, or has the branch's groups as its second dimension:
  /// then each of them runs the groups of the first dimension in turn.
  let launches: [Launch]
  let groupCount: Int
}

extension Launch {
  /// A launch that runs these branches in parallel: the kernels become functions of its source
  /// text, which a new kernel calls. Each compute unit gets about the same part of each branch if
  /// the driver assigns neighbouring groups to one unit.
  ///
  /// Sizes, offsets and factors are not in the source text, so a smaller last batch uses the same
  /// program, unless it has fewer parts or other tile heights.
  init(fusing branches: [Branch], units: Int, defines: [String]) {
    let text = FusedText(branches, units: units)
    self.init(
      file: "fused", kernel: "fused", defines: defines,
      arguments: [.numbers(text.numbers)] + text.buffers.map(Argument.buffer),
      groups: [branches.map(\.groupCount).reduce(0, +)], local: [1], source: text.source)
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

  init(_ branches: [Branch], units: Int) {
    let cases = branches.enumerated().map { index, branch in
      let calls = branch.launches.map { call($0, of: branch.groupCount) }
      return "  case \(index):\n\(calls.joined())    break;\n"
    }
    // Each part of the groups contains a part of each branch.
    let parts = branches.count == 1 ? 1 : units
    var counts: [Int] = []
    var firsts: [Int] = []
    for part in 0..<parts {
      for branch in branches {
        firsts.append(branch.groupCount * part / parts)
        counts.append(branch.groupCount * (part + 1) / parts - firsts.last!)
      }
    }
    let parameters =
      ["__global const uint *numbers"]
      + buffers.indices.map { "__global void *buffer\($0)" }
    source =
      programs.enumerated().map { Self.functions($1, number: $0) }.joined() + """
        \(Self.table("counts", counts))
        \(Self.table("firsts", firsts))
        __kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fused(
          \(parameters.joined(separator: ", "))) {
          int group = get_group_id(0), place = 0;
          for (; group >= counts[place]; ++place) group -= counts[place];
          group += firsts[place];
          switch (place % \(branches.count)) {
        \(cases.joined())  }
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

  private static func table(_ name: String, _ numbers: [Int]) -> String {
    "__constant int \(name)[] = {\(numbers.map(\.description).joined(separator: ", "))};"
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
