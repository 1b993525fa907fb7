import Graphs
import Layers
import Plans
import ReferenceBackend

extension SmallModels {
  /// Holds the gradients of a model's training step, as planned and fused, against central differences
  /// of its own loss, on the reference backend.
  /// - Parameter most: of about so many elements of each parameter, spread over it.
  /// - Returns: what differs, a sentence each.
  package static func gradientFaults(_ model: Model, most: Int) throws -> [String] {
    let sgd = Optimizer.sgd(momentum: 0, nesterov: false)
    let step = try model.trainingStep(batch(5), optimizer: sgd)
    let store = try store(model, on: ReferenceBackend())
    let executable = try store.prepare(plan("training", step, of: model))
    let weights = try store.read(.parameters)

    /// The loss of one step that moves nothing; the random numbers are those of step 0.
    func loss(_ weights: [Double]) throws -> Double {
      try store.write(weights, to: .parameters)
      try store.begin(
        .training, step: 0, order: nil, schedule: [sgd.schedule(step: 1, learningRate: 0)])
      try executable.run()
      let values = try store.losses(.training, rows: 0..<1)
      return zip(values, step.parts).reduce(0) { $0 + $1.0 * $1.1.weight.to }
    }

    _ = try loss(weights)
    let gradients = try store.read(.gradients)
    var faults: [String] = []
    for entry in try layout(model).entries {
      let count = entry.shape.count
      let stride = max(count / most, 1)
      for index in Swift.stride(from: entry.offset, to: entry.offset + count, by: stride) {
        var (above, below) = (weights, weights)
        above[index] += 1e-5
        below[index] -= 1e-5
        let difference = (try loss(above) - loss(below)) / 2e-5
        if !Tolerance(absolute: 1e-8, relative: 1e-6).accepts(gradients[index], difference) {
          faults.append(
            "\(entry.name)[\(index - entry.offset)]: \(gradients[index]) and \(difference)")
        }
      }
    }
    return faults
  }
}
