import Graphs
import Plans
import Reports

/// A plan as `aegpu plan` prints it.
struct PlanListing: Encodable, CustomStringConvertible {
  struct Operand: Encodable {
    let shape: [Int]
    let elementType: String
    /// Its memory: `arena 4096`, `parameters 0`; offsets count elements.
    let slot: String
  }

  struct Step: Encodable {
    let op: String
    let inputs: [Operand]
    let outputs: [Operand]
    let floatingPointOperations: Int
    let byteCount: Int
  }

  struct Launch: Encodable {
    /// Counted from 1.
    let steps: [Int]
    let kernels: [String]
    let queue: Int
  }

  let recipe: String
  let plan: String
  let parameterCount: Int
  let arenaByteCount: Int
  let steps: [Step]
  let floatingPointOperations: Int
  let byteCount: Int
  /// The launches on the device, if `--device` is given.
  let launches: [Launch]?

  init(
    _ plan: Plan, recipe: String, parameters: ParameterLayout, launches: [PlannedLaunch]?
  ) {
    self.launches = launches?.map {
      Launch(steps: $0.steps.map { $0 + 1 }, kernels: $0.kernels, queue: $0.queue)
    }
    self.recipe = recipe
    self.plan = plan.name
    parameterCount = parameters.parameterCount
    arenaByteCount = 4 * plan.arenaCount
    steps = plan.steps.map { node in
      Step(
        op: node.op.operation.name, inputs: node.inputs.map { Operand($0, plan) },
        outputs: node.outputs.map { Operand($0, plan) },
        floatingPointOperations: plan.floatingPointOperations(of: node),
        byteCount: plan.byteCount(of: node))
    }
    floatingPointOperations = plan.floatingPointOperations
    byteCount = steps.map(\.byteCount).reduce(0, +)
  }

  var description: String {
    var table = TextTable([
      .number("step"), .text("op"), .text("reads"), .text("writes"), .text("slot"),
      .number("FLOPs"), .number("bytes"),
    ])
    for (index, step) in steps.enumerated() {
      table.append([
        "\(index + 1)", step.op, Self.shapes(step.inputs), Self.shapes(step.outputs),
        step.outputs.map(\.slot).joined(separator: ", "),
        Numbers.grouped(step.floatingPointOperations), Numbers.grouped(step.byteCount),
      ])
    }
    table.append([
      "", "all", "", "", "", Numbers.grouped(floatingPointOperations), Numbers.grouped(byteCount),
    ])
    return """
      \(plan) plan of \(recipe): \(steps.count) steps, \(Numbers.grouped(parameterCount)) \
      parameters, an arena of \(Numbers.grouped(arenaByteCount)) bytes

      \(table)\(launchText)
      """
  }

  /// The launches, and the steps without a launch.
  private var launchText: String {
    guard let launches else { return "" }
    var table = TextTable([.number("launch"), .text("steps"), .text("kernels"), .number("queue")])
    for (index, launch) in launches.enumerated() {
      table.append([
        "\(index + 1)", Self.ranges(launch.steps), Self.counted(launch.kernels),
        "\(launch.queue)",
      ])
    }
    let computed = Set(launches.flatMap(\.steps))
    let others = (1...max(steps.count, 1)).filter { !computed.contains($0) }
    let rest =
      others.isEmpty
      ? ""
      : "\n\nsteps without a launch (views, or computed with another step): "
        + Self.ranges(others)
    return "\n\n\(launches.count) launches\n\n\(table)\(rest)"
  }

  /// `1–3, 7`
  private static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in Set(numbers).sorted() {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
      .joined(separator: ", ")
  }

  /// `gather, 3 product, update`: each kernel once, in the order of its first launch.
  private static func counted(_ kernels: [String]) -> String {
    var names: [String] = []
    for kernel in kernels where !names.contains(kernel) { names.append(kernel) }
    return names.map { name in
      let count = kernels.count { $0 == name }
      return count == 1 ? name : "\(count) \(name)"
    }.joined(separator: ", ")
  }

  /// `[512, 784] [784, 256]`; only the number of tensors if there are many, as for an update.
  private static func shapes(_ operands: [Operand]) -> String {
    guard operands.count <= 6 else { return "\(operands.count) tensors" }
    return operands.map(\.text).joined(separator: " ")
  }
}

extension PlanListing.Operand {
  fileprivate init(_ id: TensorID, _ plan: Plan) {
    let type = plan.graph[id].type
    shape = type.shape.dimensions
    elementType = type.elementType.rawValue
    slot =
      switch plan.placements[id] {
      case .arena(let offset): "arena \(offset)"
      case .parameters(let offset): "parameters \(offset)"
      case .gradients(let offset): "gradients \(offset)"
      case .state(let offset): "state \(offset)"
      case .examples(let feed): "\(feed) examples"
      case .order(let feed): "\(feed) order"
      case .labels(let feed): "\(feed) labels"
      case .constant(_, let value): "constant \(value)"
      case .input(let offset): "input \(offset)"
      case nil: "none"
      }
  }

  fileprivate var text: String {
    (elementType == ElementType.float32.rawValue ? "" : elementType)
      + "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }
}
