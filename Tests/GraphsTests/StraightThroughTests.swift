import Graphs
import Testing

/// Gradients around choices: they stop at ops that are not differentiable, and what such an op makes
/// is data.
@Suite struct StraightThroughTests {
  @Test func passesTheGradientOn() throws {
    var graph = Graph()
    let x = graph.add(.parameter(name: "x"), TensorType([3, 2]))
    let q = graph.add(.input(name: "q"), TensorType([3, 2]))
    let y = try graph.add(.straightThrough(StraightThrough()), [x, q])[0]
    let dy = graph.add(.input(name: "dy"), TensorType([3, 2]))
    let call = GradientCall(
      inputs: [x, q], outputs: [y], outputGradients: [dy], wanted: [true, false])
    #expect(try StraightThrough().gradients(call, in: &graph) == [dy, nil])
    let byBoth = GradientCall(
      inputs: [x, q], outputs: [y], outputGradients: [dy], wanted: [true, true])
    #expect(throws: GraphError.notDifferentiable(op: "straightThrough by q")) {
      try StraightThrough().gradients(byBoth, in: &graph)
    }
  }

  /// A target that depends on a parameter through a choice alone is data.
  @Test func choicesAreData() throws {
    var graph = Graph()
    let x = graph.add(.parameter(name: "x"), TensorType([3, 2]))
    let codes = graph.add(.state(name: "codes"), TensorType([4, 2]))
    let scores = try graph.add(.product(Product(transposeB: true)), [x, codes])[0]
    let indices = try graph.add(.nearest(Nearest()), [scores, codes])[0]
    let target = try graph.add(.lookUp(LookUp()), [indices, codes])[0]
    let loss = try graph.add(
      .reconstructionLoss(ReconstructionLoss(.squaredError, .mean)), [x, target])[0]
    let nodeCount = graph.nodes.count
    let gradients = try graph.gradients(of: [(loss, 1)], by: [x])
    #expect(graph.shape(gradients[0]) == [3, 2])
    #expect(graph.nodes.count == nodeCount + 1, "the loss's own gradient and nothing else")
    let perplexity = try graph.add(.perplexity(Perplexity(count: 4)), [indices])[0]
    #expect(throws: GraphError.unreachable(parameter: "x")) {
      try graph.gradients(of: [(perplexity, 1)], by: [x])
    }
  }
}
