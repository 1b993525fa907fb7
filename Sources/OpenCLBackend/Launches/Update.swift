import Graphs

extension LaunchList {
  mutating func update(_ op: Update) {
    let count = layout.parameters.count
    guard count > 0 else { return }
    let number: Int
    var settings = [Double](repeating: 0, count: 5)
    switch op.optimizer {
    case .adam(let beta1, let beta2, let epsilon):
      number = 0
      settings = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon]
    case .sgd(let momentum, let nesterov):
      number = momentum == 0 ? 1 : nesterov ? 3 : 2
      settings[0] = momentum
    }
    precondition(
      op.optimizer.momentCount <= layout.momentCount, "the store keeps the optimizer's moments")
    // Moments that the optimizer does not have are stood in for by the parameters and not touched.
    let moments = (0..<2).map { index in
      index < op.optimizer.momentCount ? Place.moment(index) : .parameters(0)
    }
    launch(
      "update", defines: ["OPTIMIZER=\(number)"],
      [.int(count)] + settings.map(Argument.float)
        + [.state, .schedule, .gradients(0), .parameters(0), moments[0], moments[1]].map(
          Argument.buffer), groups: sizes.flatGroups(count))
  }
}
