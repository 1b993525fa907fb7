import Graphs

extension Graph {
  /// Fuses a nearest upsampling into the convolutions that read it, and its gradient into theirs,
  /// so that the enlarged images are never computed.
  ///
  /// A convolution of images enlarged by `s` equals a transposed convolution of the small images
  /// with stride `s` and a window `v` of `K + s − 1` pixels that `UpsampleWindow` computes from the
  /// weights: `conv2D(upsample2D(x), w)` becomes `conv2DInputGradient(x, v)`, its gradient with
  /// respect to `x` becomes `conv2D(dy, v)`, and that with respect to `v` becomes
  /// `conv2DWeightGradient(dy, x)`.
  func fusingUpsamplings(keeping outputs: Set<TensorID>) -> Graph {
    var folded = FoldedUpsamplings(self, keeping: outputs)
    for node in nodes { folded.append(node) }
    return folded.graph.with(nodes: folded.nodes)
  }
}

/// A graph whose nodes are added again one by one, with fusion.
private struct FoldedUpsamplings {
  private(set) var graph: Graph
  private(set) var nodes: [Node] = []
  /// The small images of each enlarged tensor; and their gradients, by the enlarged ones.
  private let images: [TensorID: (small: TensorID, factor: Int)]
  private let gradients: [TensorID: (small: TensorID, factor: Int)]
  /// The windows made so far, by factor and weights.
  private var windows: [Int: [TensorID: TensorID]] = [:]

  init(_ graph: Graph, keeping outputs: Set<TensorID>) {
    self.graph = graph
    images = graph.enlargedImages(keeping: outputs)
    gradients = graph.enlargedGradients(keeping: outputs)
  }

  mutating func append(_ node: Node) {
    switch node.op {
    case .conv2D(let op):
      guard let (x, factor) = images[node.inputs[0]] else { return nodes.append(node) }
      let v = window(of: node.inputs[1], factor)
      let y = graph.shape(node.outputs[0])
      let transposed = Conv2DInputGradient(
        op.window.upsampled(factor), height: y[1], width: y[2])
      nodes.append(
        Node(op: .conv2DInputGradient(transposed), inputs: [x, v], outputs: node.outputs))
    case .conv2DInputGradient(let op):
      guard let (dx, factor) = gradients[node.outputs[0]] else { return nodes.append(node) }
      let v = window(of: node.inputs[1], factor)
      nodes.append(
        Node(
          op: .conv2D(Conv2D(op.window.upsampled(factor))), inputs: [node.inputs[0], v],
          outputs: [dx]))
    case .conv2DWeightGradient(let op):
      guard let (x, factor) = images[node.inputs[0]] else { return nodes.append(node) }
      let window = op.window.upsampled(factor)
      let dw = graph.shape(node.outputs[0])
      let dv = add(
        .conv2DWeightGradient(Conv2DWeightGradient(window)), [node.inputs[1], x],
        [window.size, window.size, dw[3], dw[2]])
      let back = UpsampleWindow(factor, isAdjoint: true)
      nodes.append(Node(op: .upsampleWindow(back), inputs: [dv], outputs: node.outputs))
    case .upsample2D where images[node.outputs[0]] != nil: break
    case .upsample2DGradient where gradients[node.inputs[0]] != nil: break
    default: nodes.append(node)
    }
  }

  /// The window that replaces `weights` for images enlarged by `factor`.
  private mutating func window(of weights: TensorID, _ factor: Int) -> TensorID {
    if let known = windows[factor]?[weights] { return known }
    let w = graph.shape(weights)
    let size = w[0] + factor - 1
    let v = add(.upsampleWindow(UpsampleWindow(factor)), [weights], [size, size, w[3], w[2]])
    windows[factor, default: [:]][weights] = v
    return v
  }

  /// Adds a node with its own result.
  private mutating func add(_ op: Op, _ inputs: [TensorID], _ shape: Shape) -> TensorID {
    let output = graph.add(.value, TensorType(shape))
    nodes.append(Node(op: op, inputs: inputs, outputs: [output]))
    return output
  }
}

extension Window {
  /// Whether each window is centred on its pixel: the fused window then has the same padding rule.
  fileprivate var isCentred: Bool { stride == 1 && padding == .same && size % 2 == 1 }

  /// The window of the transposed convolution that replaces this one for images enlarged by
  /// `factor`.
  fileprivate func upsampled(_ factor: Int) -> Window {
    Window(size + factor - 1, stride: factor, padding: .same)
  }
}

extension Graph {
  /// The results of nearest upsamplings that are read only by convolutions and their weight
  /// gradients, as images.
  fileprivate func enlargedImages(
    keeping outputs: Set<TensorID>
  ) -> [TensorID: (small: TensorID, factor: Int)] {
    var found: [TensorID: (small: TensorID, factor: Int)] = [:]
    for node in nodes {
      if case .upsample2D(let op) = node.op, op.interpolation == .nearest,
        !outputs.contains(node.outputs[0])
      {
        found[node.outputs[0]] = (node.inputs[0], op.factor)
      }
      for (place, input) in node.inputs.enumerated() where found[input] != nil {
        let folds =
          switch node.op {
          case .conv2D(let op): op.window.isCentred && place == 0
          case .conv2DWeightGradient(let op): op.window.isCentred && place == 0
          default: false
          }
        if !folds { found[input] = nil }
      }
    }
    return found
  }

  /// The gradients of enlarged images that only the gradient of their upsampling reads.
  fileprivate func enlargedGradients(
    keeping outputs: Set<TensorID>
  ) -> [TensorID: (small: TensorID, factor: Int)] {
    let uses = useCounts
    var open: Set<TensorID> = []
    var found: [TensorID: (small: TensorID, factor: Int)] = [:]
    for node in nodes {
      if case .conv2DInputGradient(let op) = node.op, op.window.isCentred,
        uses[node.outputs[0]] == 1, !outputs.contains(node.outputs[0])
      {
        open.insert(node.outputs[0])
      }
      if case .upsample2DGradient(let op) = node.op, op.interpolation == .nearest,
        open.contains(node.inputs[0])
      {
        found[node.inputs[0]] = (node.outputs[0], op.factor)
      }
    }
    return found
  }
}
