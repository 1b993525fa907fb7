import Graphs
import Layers
import Plans
import Recipes

extension Recipe {
  /// The parameters that each phase of a step updates.
  /// - Throws: `TrainingError.scatteredPhase` if other parameters lie between them.
  func groups(_ layout: ParameterLayout) throws(TrainingError) -> [ParameterGroup] {
    guard !model.phases.isEmpty else {
      return [
        ParameterGroup(
          name: "training", range: 0..<layout.count, momentCount: optimizer.momentCount)
      ]
    }
    var groups: [ParameterGroup] = []
    for phase in model.phases {
      let moved = layout.entries.indices.filter { phase.moves(layout.entries[$0].name) }
      guard let first = moved.first, let last = moved.last else {
        throw .idlePhase(recipe: name, phase: phase.name)
      }
      guard moved.count == last - first + 1 else {
        throw .scatteredPhase(recipe: name, phase: phase.name, moves: phase.moves)
      }
      let next = last + 1
      let end = next < layout.entries.count ? layout.entries[next].offset : layout.count
      groups.append(
        ParameterGroup(
          name: phase.name, range: layout.entries[first].offset..<end,
          momentCount: phase.updating.optimizer.momentCount))
    }
    return groups
  }
}

extension Recipe {
  /// The schedule values for some steps, one row per step.
  /// - Parameters:
  ///   - steps: counted from 1 over the whole run.
  /// - ramps: the ramps of the store.
  package func table(of steps: ClosedRange<Int>, stepsPerEpoch: Int, _ ramps: [Ramp]) -> StepTable {
    StepTable(
      steps.map { step in
        let factor = schedule.factor(step: step, stepsPerEpoch: stepsPerEpoch)
        return updatings.map {
          $0.optimizer.schedule(step: step, learningRate: $0.learningRate * factor)
        }
      },
      values: ramps.isEmpty
        ? []
        : steps.map { step in ramps.map { $0.value(step: step, stepsPerEpoch: stepsPerEpoch) } }
    )
  }
}
