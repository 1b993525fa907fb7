import Graphs
import Plans

/// One pixel of one window.
struct Tap {
  /// The window's own pixel `[n, i, j]` among all windows, and the image's `[n, h, w]` among all
  /// pixels.
  let result, pixel: Int
  /// `k · K + l`
  let weight: Int
}

extension Window {
  /// Every pixel of every window that lies within images `[N, H, W, C]`, windows in order, and in
  /// each its pixels row by row.
  func taps(_ images: Shape) -> [Tap] {
    let (height, width) = (images[1], images[2])
    var taps: [Tap] = []
    for n in 0..<images[0] {
      for i in 0..<count(over: height) {
        for j in 0..<count(over: width) {
          for k in 0..<size {
            for l in 0..<size {
              let h = stride * i + k - offset(over: height)
              let w = stride * j + l - offset(over: width)
              guard 0..<height ~= h, 0..<width ~= w else { continue }
              taps.append(
                Tap(
                  result: (n * count(over: height) + i) * count(over: width) + j,
                  pixel: (n * height + h) * width + w, weight: k * size + l))
            }
          }
        }
      }
    }
    return taps
  }
}

extension ReferenceExecutable {
  func conv2D(_ op: Conv2D, _ node: Node) -> [Double] {
    let (x, w) = (value(node.inputs[0]), value(node.inputs[1]))
    let images = plan.graph.shape(node.inputs[0])
    let (channels, outputs) = (images[3], plan.graph.shape(node.inputs[1])[3])
    var y = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    for tap in op.window.taps(images) {
      for c in 0..<channels {
        for o in 0..<outputs {
          y[tap.result * outputs + o] +=
            x[tap.pixel * channels + c] * w[(tap.weight * channels + c) * outputs + o]
        }
      }
    }
    return finish(y, op, node)
  }

  func conv2DInputGradient(_ op: Conv2DInputGradient, _ node: Node) -> [Double] {
    let (dy, w) = (value(node.inputs[0]), value(node.inputs[1]))
    let images = plan.graph.shape(node.outputs[0])
    let (channels, outputs) = (images[3], plan.graph.shape(node.inputs[1])[3])
    var dx = [Double](repeating: 0, count: images.count)
    for tap in op.window.taps(images) {
      for c in 0..<channels {
        for o in 0..<outputs {
          dx[tap.pixel * channels + c] +=
            dy[tap.result * outputs + o] * w[(tap.weight * channels + c) * outputs + o]
        }
      }
    }
    return finish(dx, op, node)
  }

  func conv2DWeightGradient(_ op: Conv2DWeightGradient, _ node: Node) -> [Double] {
    let (x, dy) = (value(node.inputs[0]), value(node.inputs[1]))
    let images = plan.graph.shape(node.inputs[0])
    let (channels, outputs) = (images[3], plan.graph.shape(node.inputs[1])[3])
    var dw = [Double](repeating: 0, count: plan.graph.shape(node.outputs[0]).count)
    for tap in op.window.taps(images) {
      for c in 0..<channels {
        for o in 0..<outputs {
          dw[(tap.weight * channels + c) * outputs + o] +=
            x[tap.pixel * channels + c] * dy[tap.result * outputs + o]
        }
      }
    }
    return finish(dw, op, node)
  }
}
