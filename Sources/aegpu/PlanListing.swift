import Graphs
import Plans
import Reports

/// A plan as `aegpu plan` prints it.
struct PlanListing: Encodable, CustomStringConvertible {
  struct Operand: Encodable {
    let shape: [Int]
    let elementType: String
    /// Where it lies: `arena 4096`, `parameters 0`; offsets count elements.
    let slot: String
  }

  struct Step: Encodable {
    let op: String
    let inputs: [Operand]
    let outputs: [Operand]
    let floatingPointOperations: Int
    let byteCount: Int
  }

  let recipe: String
  let plan: String
  let parameterCount: Int
  let arenaByteCount: Int
  let steps: [Step]
  let floatingPointOperations: Int
  let byteCount: Int

  init(_ plan: Plan, recipe: String, parameters: ParameterLayout) {
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

      \(table)
      """
  }

  /// `[512, 784] [784, 256]`; an update's many gradients by their number.
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
