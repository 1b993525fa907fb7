import Devices
import Plans
import Recipes
import ReferenceBackend
import Reports
import Training

/// A comparison of the first training steps: computed twice on the run's device, and once by the
/// reference, plain loops in double precision.
public struct Verification: Hashable, Sendable {
  /// The number of steps.
  public let steps: Int
  /// Whether the device computed the same weights twice, bit by bit.
  public let isRepeatable: Bool
  /// The largest difference of a step's logged loss from the reference; relative if the loss is above
  /// 1.
  public let lossDifference: Double
  /// The largest difference of a weight after those steps.
  public let weightDifference: Double
  /// The parameter with that difference.
  public let parameter: String
}

extension Verification: CustomStringConvertible {
  public var description: String {
    let (loss, weight) = (Numbers.short(lossDifference), Numbers.short(weightDifference))
    return "\(Numbers.counted(steps, "step")): twice on the device "
      + (isRepeatable
        ? "with the same bits" : "with different bits, a fault of the device or its driver")
      + "; largest difference from the reference: losses \(loss), weights \(weight) (\(parameter))"
  }
}

extension TrainingRun {
  /// Computes the first steps of the run twice on its device and once by the reference, which is slow.
  /// The run itself does not change.
  ///
  /// - Parameter steps: the number of steps, at least 1.
  /// - Throws: if the device fails, or a step is not finite.
  public func verify(steps: Int) throws(AutoencoderError) -> Verification {
    guard steps > 0 else {
      throw AutoencoderError("steps: expected a whole number from 1, received \(steps)")
    }
    return try telling {
      let first = try state(after: steps, on: prepared.backend)
      let second = try state(after: steps, on: prepared.backend)
      let reference = try state(after: steps, on: ReferenceBackend())
      let losses = zip(first.losses, reference.losses).map { abs($0 - $1) / max(abs($1), 1) }
      var largest = (difference: 0.0, parameter: "")
      for entry in first.weights.layout.entries {
        for place in entry.offset..<entry.offset + entry.shape.count {
          let difference = abs(first.weights.flat[place] - reference.weights.flat[place])
          if difference >= largest.difference { largest = (difference, entry.name) }
        }
      }
      return Verification(
        steps: first.losses.count,
        isRepeatable: first.weights == second.weights
          && first.losses == second.losses, lossDifference: losses.max() ?? 0,
        weightDifference: largest.difference, parameter: largest.parameter)
    }
  }

  /// The logged losses of the first steps, and the weights after them.
  private func state(
    after steps: Int, on backend: any Backend
  ) throws -> (losses: [Double], weights: Weights) {
    var recipe = prepared.recipe
    recipe.earlyStopping = nil
    (recipe.pictures.reconstructions, recipe.pictures.samples) = (0, 0)
    let data = try TrainingData(training: prepared.data.training, validation: nil)
    let plans = try RunPlans(recipe, data)
    let trainer = try Trainer(recipe, data, plans: plans, on: backend, from: prepared.start)
    var asked = 0
    var losses: [Double] = []
    trainer.logSteps = 1
    _ = try trainer.run(
      shouldStop: {
        asked += 1
        return asked > steps
      },
      handle: { if case .step(let report) = $0 { losses.append(report.loss.loss) } })
    return (losses, try trainer.session.weights())
  }
}
