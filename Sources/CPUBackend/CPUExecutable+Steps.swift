import CLoops
import Graphs
import Plans

extension CPUExecutable: SteppedExecutable {
  package func run(launch index: Int) throws {
    loops_use_threads(Int32(store.threads))
    try instructions[index].run()
  }

  package func floats(of tensor: TensorID) -> [Float] {
    Array(UnsafeBufferPointer(start: operands.floats(tensor), count: operands.count(tensor)))
  }

  package func set(_ tensor: TensorID, to values: [Float]) {
    precondition(values.count == operands.count(tensor), "a tensor is written whole")
    operands.floats(tensor).update(from: values, count: values.count)
  }
}
