import Graphs

extension LaunchList {
  mutating func lstm(_ node: Node) { recurrence("lstm", node) }
  mutating func gru(_ node: Node) { recurrence("gru", node) }
  mutating func lstmGradient(_ node: Node) { recurrenceGradient("lstm_gradient", in: "lstm", node) }
  mutating func gruGradient(_ node: Node) { recurrenceGradient("gru_gradient", in: "gru", node) }

  private mutating func recurrence(_ kernel: String, _ node: Node) {
    let states = shape(node.outputs[0])
    guard states.count > 0 else { return }
    launch(
      kernel, states.dimensions.map(Argument.int) + (node.inputs + node.outputs).map(tensor),
      groups: sequenceGroups(states))
  }

  /// Transposes the recurrent weight, the last operand, into scratch, and then computes all steps.
  /// After it is the state that is passed from step to step: two numbers per unit.
  private mutating func recurrenceGradient(_ kernel: String, in file: String, _ node: Node) {
    let (states, weight) = (shape(node.inputs[0]), shape(node.inputs[node.inputs.count - 1]))
    guard states.count > 0 else { return }
    let carriedCount = lines(states[0] * states[2])
    let first = lines(weight.count)
    reserveScratch(first + 2 * carriedCount)
    launch(
      "transpose",
      [
        .int(weight[0]), .int(weight[1]), tensor(node.inputs[node.inputs.count - 1]),
        .tensor(.scratch(0)),
      ], groups: sizes.cellGroups(rows: weight[1], columns: weight[0]))
    launch(
      kernel, in: file,
      states.dimensions.map(Argument.int) + node.inputs.dropLast().map(tensor) + [
        .tensor(.scratch(0)), .tensor(.scratch(first)), .tensor(.scratch(first + carriedCount)),
      ] + node.outputs.map(tensor), groups: sequenceGroups(states))
  }

  /// Work-groups for sequences that are computed independently through all steps: on a CPU device
  /// at least four sequences each, on a GPU as many as there are work-items for their units.
  private func sequenceGroups(_ states: Shape) -> Int {
    switch sizes.style {
    case .fat: min(max(states[0] / 4, 1), 4 * sizes.computeUnits)
    case .thin: min(max(states[0] * states[2] / sizes.local, 1), states[0])
    }
  }
}
