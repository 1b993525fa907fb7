import Graphs
import Plans

extension ReferenceExecutable {
  func unfold1D(_ op: Unfold1D, _ node: Node) -> [Double] {
    let x = value(node.inputs[0])
    var y = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    eachStep(op.windows, of: plan.graph.shape(node.inputs[0])) { y[$1] = x[$0] }
    return y
  }

  func fold1D(_ op: Fold1D, _ node: Node) -> [Double] {
    let y = value(node.inputs[0])
    var x = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    eachStep(op.windows, of: plan.graph.shape(node.outputs[0])) { x[$0] += y[$1] }
    return x
  }

  /// Every element of a sequence in each window, with its position in the window.
  private func eachStep(
    _ windows: StepWindows, of sequences: Shape, _ body: (_ step: Int, _ windowed: Int) -> Void
  ) {
    let (length, channels) = (sequences[1], sequences[2])
    for n in 0..<sequences[0] {
      for i in 0..<windows.count {
        for k in 0..<windows.size {
          let t = windows.stride * i + k - windows.offset
          guard 0..<length ~= t else { continue }
          for c in 0..<channels {
            body(
              (n * length + t) * channels + c,
              ((n * windows.count + i) * windows.size + k) * channels + c)
          }
        }
      }
    }
  }
}
