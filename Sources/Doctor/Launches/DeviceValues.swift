import Graphs
import Plans

/// The tensors of a plan as a device had them when each was computed. What a launch writes where it
/// should not shows in the next that reads it: the device then computes from other numbers.
struct DeviceValues {
  private let executable: any SteppedExecutable
  /// What a view lies in the place of.
  private var origins: [TensorID: TensorID] = [:]
  /// The last step that reads a tensor.
  private var lastReaders: [TensorID: Int] = [:]
  private var known: [TensorID: [Float]] = [:]

  init(_ executable: any SteppedExecutable) {
    self.executable = executable
    for (index, node) in executable.plan.steps.enumerated() {
      for (result, operand) in node.aliases { origins[result] = origins[operand] ?? operand }
      for input in node.inputs { lastReaders[origins[input] ?? input] = index }
    }
  }

  private func origin(_ tensor: TensorID) -> TensorID { origins[tensor] ?? tensor }

  /// What a tensor holds; read off the device where that is not known yet.
  mutating func value(of tensor: TensorID) throws -> [Float] {
    let tensor = origin(tensor)
    if let value = known[tensor] { return value }
    let value = try executable.floats(of: tensor)
    known[tensor] = value
    return value
  }

  mutating func note(_ values: [Float], of tensor: TensorID) { known[origin(tensor)] = values }

  /// Gives back the memory of what no step after this one reads.
  mutating func forget(after step: Int) {
    for input in executable.plan.steps[step].inputs {
      let tensor = origin(input)
      if lastReaders[tensor] == step, !executable.unstored.contains(tensor) {
        known[tensor] = nil
      }
    }
  }

  /// Forgets all, as the plan runs anew.
  mutating func reset() { known = [:] }
}
