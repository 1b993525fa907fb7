import Graphs
import Layers

/// The graph of a step for any number of examples.
///
/// A step is built for a fixed batch size. Building it for two sizes shows which dimensions of its
/// tensors grow with the batch.
package struct BatchedGraph {
  let graph: Graph
  let outputs: [String: TensorID]
  private let larger: Graph

  private static let size = 2

  /// - Parameter step: makes the step for a batch of this many examples.
  init<Failure: Error>(_ step: (Int) throws(Failure) -> StepGraph) throws(Failure) {
    let (small, large) = (try step(Self.size), try step(Self.size + 1))
    precondition(
      small.graph.tensors.count == large.graph.tensors.count && small.outputs == large.outputs,
      "the graph of a step must not depend on the batch size")
    (graph, outputs, larger) = (small.graph, small.outputs, large.graph)
  }

  /// A graph whose dimensions do not depend on a batch.
  package init(of graph: Graph) { (self.graph, outputs, larger) = (graph, [:], graph) }

  /// The dimensions of a tensor.
  func dimensions(_ id: TensorID) -> [Dimension] {
    zip(graph.shape(id).dimensions, larger.shape(id).dimensions).map { small, large in
      large == small ? .fixed(small) : .perExample(large - small)
    }
  }

  /// The dimensions of a tensor for a reshape: −1 for the one that grows with the batch.
  func pattern(_ id: TensorID) -> [Int] {
    dimensions(id).map { if case .fixed(let size) = $0 { size } else { -1 } }
  }

  enum Dimension: Hashable {
    case fixed(Int)
    /// This many for each example of the batch.
    case perExample(Int)
  }

  /// The nodes that the outputs depend on, in order.
  func nodes(for outputs: [TensorID]) -> [Node] {
    var needed = Set(outputs)
    var nodes: [Node] = []
    for node in graph.nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs)
      nodes.append(node)
    }
    return nodes.reversed()
  }
}

extension BatchSource {
  /// External examples before normalization, as one batch.
  static func examples(_ count: Int) -> BatchSource {
    BatchSource(
      feed: .validation, exampleCount: count, elementType: .float32, batchSize: count,
      stride: count,
      scale: 1)
  }
}
