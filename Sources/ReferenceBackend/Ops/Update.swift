import Graphs
import Plans

extension ReferenceExecutable {
  func record(_ op: Record, _ node: Node) {
    var feed = store.feeds[op.feed]!
    for (part, id) in node.inputs.prefix(op.partCount).enumerated() {
      feed.losses[feed.row * op.partCount + part] = value(id)[0]
    }
    if op.feed == .training, store.nonFiniteStep == nil,
      !node.inputs.allSatisfy({ value($0).allSatisfy(\.isFinite) })
    {
      store.nonFiniteStep = feed.step
    }
    feed.row += 1
    feed.step += 1
    store.feeds[op.feed] = feed
  }

  /// Runs after the step's record, which has counted `row` up.
  func update(_ op: Update, _ node: Node) {
    guard store.nonFiniteStep == nil else { return }
    let feed = store.feeds[.training]!
    let row = feed.schedule[feed.row - 1]
    for index in store.parameters.indices {
      let g = store.gradients[index]
      switch op.optimizer {
      case .adam(let beta1, let beta2, let epsilon):
        let m = beta1 * store.moments[0][index] + (1 - beta1) * g
        let v = beta2 * store.moments[1][index] + (1 - beta2) * g * g
        store.moments[0][index] = m
        store.moments[1][index] = v
        store.parameters[index] -=
          row.learningRate * (m * row.correction1) / ((v * row.correction2).squareRoot() + epsilon)
      case .sgd(let momentum, let nesterov):
        guard momentum != 0 else {
          store.parameters[index] -= row.learningRate * g
          continue
        }
        let b = momentum * store.moments[0][index] + g
        store.moments[0][index] = b
        store.parameters[index] -= row.learningRate * (nesterov ? g + momentum * b : b)
      }
    }
  }
}
