import Graphs
import Plans

extension ReferenceExecutable: SteppedExecutable {
  var hosts: [Int: Int] { [:] }
  var unstored: Set<TensorID> { [] }

  func run(launch index: Int) { run(plan.steps[index]) }

  func floats(of tensor: TensorID) -> [Float] { value(tensor).map(Float.init) }

  func set(_ tensor: TensorID, to values: [Float]) { set(tensor, values.map(Double.init)) }
}
