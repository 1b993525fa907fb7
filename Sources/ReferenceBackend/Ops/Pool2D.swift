import Graphs
import Plans

extension ReferenceExecutable {
  func pool2D(_ op: Pool2D, _ node: Node) -> [Double] {
    let (x, images) = (value(node.inputs[0]), plan.graph.shape(node.inputs[0]))
    let channels = images[3]
    let taps = op.window.taps(images)
    var y = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    switch op.pooling {
    case .maximum:
      for (result, pixel) in largest(x, images, op.window).enumerated() { y[result] = x[pixel] }
    case .average:
      let sizes = windowSizes(taps)
      for tap in taps {
        for c in 0..<channels {
          y[tap.result * channels + c] +=
            x[tap.pixel * channels + c] / Double(sizes[tap.result]!)
        }
      }
    }
    return y
  }

  func pool2DGradient(_ op: Pool2DGradient, _ node: Node) -> [Double] {
    let (dy, images) = (value(node.inputs[0]), plan.graph.shape(node.outputs[0]))
    let channels = images[3]
    var dx = [Double](repeating: 0, count: images.count)
    switch op.pooling {
    case .maximum:
      let pixels = largest(value(node.inputs[1]), images, op.window)
      for (result, pixel) in pixels.enumerated() { dx[pixel] += dy[result] }
    case .average:
      let taps = op.window.taps(images)
      let sizes = windowSizes(taps)
      for tap in taps {
        for c in 0..<channels {
          dx[tap.pixel * channels + c] +=
            dy[tap.result * channels + c] / Double(sizes[tap.result]!)
        }
      }
    }
    return dx
  }

  /// For each element of the result, the index of the first largest element of its window, or of
  /// the first NaN.
  private func largest(_ x: [Double], _ images: Shape, _ window: Window) -> [Int] {
    let channels = images[3]
    let results = images[0] * window.count(over: images[1]) * window.count(over: images[2])
    var places = [Int?](repeating: nil, count: results * channels)
    for tap in window.taps(images) {
      for c in 0..<channels {
        let (result, pixel) = (tap.result * channels + c, tap.pixel * channels + c)
        if let known = places[result], x[pixel] <= x[known] || x[known].isNaN { continue }
        places[result] = pixel
      }
    }
    return places.map { $0! }
  }

  /// The number of pixels of each window within the image.
  private func windowSizes(_ taps: [Tap]) -> [Int: Int] {
    taps.reduce(into: [:]) { $0[$1.result, default: 0] += 1 }
  }
}
