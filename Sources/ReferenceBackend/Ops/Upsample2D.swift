import Graphs
import Plans

extension ReferenceExecutable {
  func upsample2D(_ op: Upsample2D, _ node: Node) -> [Double] {
    let x = value(node.inputs[0])
    var y = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    spread(plan.graph.shape(node.inputs[0]), op.factor, op.interpolation) { new, old, weight in
      y[new] += weight * x[old]
    }
    return y
  }

  func upsample2DGradient(_ op: Upsample2DGradient, _ node: Node) -> [Double] {
    let dy = value(node.inputs[0])
    var dx = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    spread(plan.graph.shape(node.outputs[0]), op.factor, op.interpolation) { new, old, weight in
      dx[old] += weight * dy[new]
    }
    return dx
  }

  /// Every new element, with the old elements it is computed from and their weights.
  private func spread(
    _ images: Shape, _ factor: Int, _ interpolation: Interpolation,
    _ body: (_ new: Int, _ old: Int, _ weight: Double) -> Void
  ) {
    let (height, width, channels) = (images[1], images[2], images[3])
    for n in 0..<images[0] {
      for i in 0..<height * factor {
        for j in 0..<width * factor {
          for (h, weightH) in interpolation.sources(of: i, factor, height) {
            for (w, weightW) in interpolation.sources(of: j, factor, width) {
              for c in 0..<channels {
                let new = ((n * height * factor + i) * width * factor + j) * channels + c
                body(new, ((n * height + h) * width + w) * channels + c, weightH * weightW)
              }
            }
          }
        }
      }
    }
  }
}

extension Interpolation {
  /// The pixels along one axis that pixel `i` is computed from, with their weights.
  fileprivate func sources(of i: Int, _ factor: Int, _ length: Int) -> [(Int, Double)] {
    switch self {
    case .nearest: return [(i / factor, 1)]
    case .bilinear:
      let place = (Double(i) + 0.5) / Double(factor) - 0.5
      let below = Int(place.rounded(.down))
      let share = place - Double(below)
      return [(max(below, 0), 1 - share), (min(below + 1, length - 1), share)]
    }
  }
}
