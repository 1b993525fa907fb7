/// The parts of the phases of a fused launch, in the order in which groups take them, and the source
/// text by which they do.
struct FusedParts {
  /// The groups of each part, and the first of them in their branch.
  private(set) var counts: [Int] = []
  private(set) var firsts: [Int] = []
  /// The branch of each part, counted over all phases, and the groups of all earlier phases.
  private var cases: [Int] = []
  private var begins: [Int] = []
  private var groupCount = 0

  /// Each compute unit gets a part of each branch of a phase, if there are several.
  init(_ phases: [Phase], units: Int) {
    var firstBranch = 0
    for branches in phases {
      let begin = groupCount
      let parts = branches.count == 1 ? 1 : units
      for part in 0..<parts {
        for (index, branch) in branches.enumerated() {
          let first = branch.groupCount * part / parts
          let count = branch.groupCount * (part + 1) / parts - first
          counts.append(count)
          firsts.append(first)
          cases.append(firstBranch + index)
          begins.append(begin)
          groupCount += count
        }
      }
      firstBranch += branches.count
    }
  }

  /// The tables of a launch of several phases.
  var phaseTables: String {
    """
    \(Self.table("cases", cases))
    \(Self.table("begins", begins))
    #if defined(__has_builtin) && defined(__x86_64__)
    #if __has_builtin(__builtin_ia32_pause)
    #define PAUSE __builtin_ia32_pause()
    #endif
    #endif
    #ifndef PAUSE
    #define PAUSE
    #endif
    """
  }

  /// Takes a group of the phases, `times` over, until none is left; the last of the launch's groups sets the
  /// counters to 0 for the next launch. `queue`: the groups that were taken, those that are done, and
  /// the launch's groups that have ended.
  /// - Parameter state: the buffer's name.
  func begin(_ state: String) -> String {
    """
      __global volatile int *queue = (__global volatile int *)\(state) + \(OpenCLStore.Word.begun);
      for (;;) {
      int group = atomic_inc(queue), place = 0;
      const int before = group / \(groupCount) * \(groupCount);
      if (before >= times * \(groupCount)) {
        if (atomic_inc(queue + 2) == get_num_groups(0) - 1) {
          atomic_xchg(queue, 0);
          atomic_xchg(queue + 1, 0);
          atomic_xchg(queue + 2, 0);
        }
        return;
      }
      group -= before;
    """
  }

  /// Waits for all earlier phases.
  static let wait = """
      while (queue[1] < before + begins[place]) PAUSE;
      mem_fence(CLK_GLOBAL_MEM_FENCE);
    """

  static let end = """
      mem_fence(CLK_GLOBAL_MEM_FENCE);
      atomic_inc(queue + 1);
      }
    """

  static func table(_ name: String, _ numbers: [Int]) -> String {
    "__constant int \(name)[] = {\(numbers.map(\.description).joined(separator: ", "))};"
  }
}
