import Graphs
import Plans

/// A prepared plan with one operation and its own memory, with inputs between -1 and 1.
struct LonePlan {
  let plan: Plan
  let store: any Store
  let executable: any Executable

  /// `C = A · B` of square matrices.
  /// - Parameter size: rows and columns of each.
  static func product(_ size: Int, on backend: any Backend) throws -> LonePlan {
    try LonePlan("\(size)×\(size)×\(size)", .product(Product()), of: [size, size], on: backend)
  }

  /// `c = a + b` of vectors.
  static func sum(count: Int, on backend: any Backend) throws -> LonePlan {
    try LonePlan("sum of \(count)", .add(Add()), of: [count], on: backend)
  }

  private init(_ name: String, _ op: Op, of shape: Shape, on backend: any Backend) throws {
    var graph = Graph()
    let a = graph.add(.input(name: "a"), TensorType(shape))
    let b = graph.add(.input(name: "b"), TensorType(shape))
    let outputs = try graph.add(op, [a, b])
    plan = Plan(name, graph, outputs: outputs, parameters: ParameterLayout([]))
    store = try backend.makeStore(
      StoreLayout(parameters: ParameterLayout([]), momentCount: 0, seed: 0, feeds: [:]))
    executable = try store.prepare(plan)
    for input in [a, b] { try executable.write(noise(count: shape.count), to: input) }
    try executable.run()
    try store.finish()
  }
}
