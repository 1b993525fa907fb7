import CLoops
import Graphs
import Plans

/// A convolution and the pooling that reads it; in a plan that trains, also the gradients of both.
/// They are computed by two instructions that never write the large images, only the position of
/// each maximum.
struct PooledConvolution {
  let convolution, pooling: Int
  /// The gradients with respect to the large images and the weights.
  let gradients: (pooling: Int, weights: Int)?
  let relu: Bool

  /// The steps that have no instruction of their own, each with the one in whose place they run.
  var hosts: [Int: Int] {
    [pooling: convolution].merging(gradients.map { [$0.pooling: $0.weights] } ?? [:]) { $1 }
  }

  /// The steps whose results, the large images, are never written.
  var unstoredBy: [Int] { [convolution] + (gradients.map { [$0.pooling] } ?? []) }
}

extension Operands {
  /// The steps of the plan that such instructions can replace, by index.
  var pooledConvolutions: [PooledConvolution] {
    plan.steps.indices.dropLast().compactMap(pooledConvolution)
  }

  private func pooledConvolution(at index: Int) -> PooledConvolution? {
    let (node, next) = (plan.steps[index], plan.steps[index + 1])
    guard case .conv2D(let op) = node.op, case .pool2D(let pool) = next.op,
      pool == Pool2D(.maximum, Window(2, stride: 2, padding: pool.window.padding)),
      next.inputs == node.outputs, !plan.outputs.contains(node.outputs[0]),
      [.identity, .relu].contains(op.epilogue.activation), !op.epilogue.addend,
      op.epilogue.derivativeOf == .identity, supports(op.window, node),
      !node.inputs.contains(where: { overlap($0, next.outputs[0]) })
    else { return nil }
    let readers = readers(of: node.outputs[0])
    let gradients = readers.count == 2 ? gradients(of: node, op.window, pool, at: readers[1]) : nil
    guard readers.count == (gradients == nil ? 1 : 2) else { return nil }
    return PooledConvolution(
      convolution: index, pooling: index + 1, gradients: gradients,
      relu: op.epilogue.activation == .relu)
  }

  private func supports(_ window: Window, _ node: Node) -> Bool {
    let windows = loops_windows(window, over: shape(node.inputs[0]))
    return withUnsafePointer(to: windows) {
      loops_pools_convolution($0, shape(node.outputs[0])[3]) != 0
    }
  }

  private func gradients(
    of convolution: Node, _ window: Window, _ pool: Pool2D, at index: Int
  ) -> (pooling: Int, weights: Int)? {
    let node = plan.steps[index]
    guard case .pool2DGradient(let op) = node.op, op.window == pool.window,
      node.inputs[1] == convolution.outputs[0], node.inputs[0] != convolution.outputs[0],
      !plan.outputs.contains(node.outputs[0]), let last = readers(of: node.outputs[0]).first,
      readers(of: node.outputs[0]).count == 1
    else { return nil }
    let weights = plan.steps[last]
    // The pooled gradient is read later than in the plan: its memory must not be overwritten
    // before.
    let written = plan.steps[(index + 1)...last].flatMap(\.outputs)
    guard weights.op == .conv2DWeightGradient(Conv2DWeightGradient(window)),
      weights.inputs == [convolution.inputs[0], node.outputs[0]],
      !written.contains(where: { overlap($0, node.inputs[0]) })
    else { return nil }
    return (index, last)
  }

  /// The steps that read a tensor.
  private func readers(of id: TensorID) -> [Int] {
    plan.steps.indices.filter { plan.steps[$0].inputs.contains(id) }
  }

  private func overlap(_ a: TensorID, _ b: TensorID) -> Bool {
    let (first, second) = (floats(a), floats(b))
    return first < second + count(b) && second < first + count(a)
  }
}
