import Graphs

/// Images whose sides fit no window, and windows that fit no side.
extension OpCases {
  private static let windows: [Window] = Window.Padding.allCases.flatMap { padding in
    [
      Window(1, padding: padding), Window(3, padding: padding),
      Window(2, stride: 2, padding: padding), Window(3, stride: 2, padding: padding),
      Window(2, stride: 3, padding: padding), Window(5, stride: 2, padding: padding),
    ]
  }

  /// `[N, H, W, C]` and output channels.
  private static let images: [(Shape, Int)] = [
    ([1, 3, 4, 1], 1), ([2, 5, 3, 1], 3), ([1, 6, 5, 3], 2), ([3, 7, 7, 2], 17),
    ([2, 14, 14, 5], 33), ([1, 28, 28, 1], 32), ([3, 9, 8, 33], 1), ([5, 7, 7, 65], 17),
  ]

  private static let pairs: [(image: Shape, outputs: Int, window: Window)] = images.flatMap {
    image, outputs in
    windows.filter { $0.count(over: image[1]) > 0 && $0.count(over: image[2]) > 0 }
      .map { (image, outputs, $0) }
  }

  /// The images that windows over `image` make, with this many channels.
  private static func result(_ image: Shape, _ window: Window, _ channels: Int) -> Shape {
    [image[0], window.count(over: image[1]), window.count(over: image[2]), channels]
  }

  package static let convolutions: [OpCase] = pairs.flatMap { image, outputs, window -> [OpCase] in
    let weights: Shape = [window.size, window.size, image[3], outputs]
    let y = result(image, window, outputs)
    return [
      OpCase(
        .conv2D(Conv2D(window)), [(image, .normal), (weights, .normal)]),
      OpCase(
        .conv2DInputGradient(Conv2DInputGradient(window, height: image[1], width: image[2])),
        [(y, .normal), (weights, .normal)]),
      OpCase(
        .conv2DWeightGradient(Conv2DWeightGradient(window)),
        [(image, .normal), (y, .normal)]),
    ]
  }

  private static let epilogueImages: [(Shape, Int)] = [([1, 3, 4, 1], 1), ([2, 7, 5, 3], 17)]
  private static let epilogueWindow = Window(3, stride: 2, padding: .same)

  /// Every epilogue of a network with every activation on one of the images, in turn.
  package static let convolutionEpilogues: [OpCase] =
    weightGradientAddends
    + Activation.allCases.enumerated().flatMap { index, activation in
      epilogueImages.enumerated().flatMap { imageIndex, pair -> [OpCase] in
        let (image, outputs) = pair
        let window = epilogueWindow
        let weights: Shape = [3, 3, image[3], outputs]
        let y = result(image, window, outputs)
        var forward = Epilogue()
        forward.bias = true
        forward.activation = activation
        var backward = Epilogue()
        backward.addend = activation == .relu
        backward.derivativeOf = activation
        func operands(_ sum: Shape) -> [(Shape, OpCase.Values)] {
          (backward.addend ? [(sum, .normal)] : [])
            + (activation == .identity ? [] : [(sum, .derivativeOperand(of: activation))])
        }
        func gradient(_ epilogue: Epilogue) -> Op {
          .conv2DInputGradient(
            Conv2DInputGradient(window, height: image[1], width: image[2], epilogue: epilogue))
        }
        guard (index + imageIndex).isMultiple(of: 2) else {
          return [
            OpCase(
              .conv2D(Conv2D(window, epilogue: backward)),
              [(image, .normal), (weights, .normal)] + operands(y)),
            OpCase(
              gradient(forward), [(y, .normal), (weights, .normal), ([image[3]], .normal)]),
          ]
        }
        return [
          OpCase(
            .conv2D(Conv2D(window, epilogue: forward)),
            [(image, .normal), (weights, .normal), ([outputs], .normal)]),
          OpCase(gradient(backward), [(y, .normal), (weights, .normal)] + operands(image)),
        ]
      }
    }

  private static let weightGradientAddends: [OpCase] = epilogueImages.map { image, outputs in
    var addend = Epilogue()
    addend.addend = true
    let y = result(image, epilogueWindow, outputs)
    return OpCase(
      .conv2DWeightGradient(Conv2DWeightGradient(epilogueWindow, epilogue: addend)),
      [(image, .normal), (y, .normal), ([3, 3, image[3], outputs], .normal)])
  }

  package static let pools: [OpCase] = pairs.flatMap { image, _, window -> [OpCase] in
    let y = result(image, window, image[3])
    // Coarse values have ties, and the first of them counts.
    return [OpCase.Values.normal, .coarse].flatMap { values -> [OpCase] in
      let maximum = Pool2DGradient(.maximum, window, height: image[1], width: image[2])
      return [
        OpCase(.pool2D(Pool2D(.maximum, window)), [(image, values)]),
        OpCase(.pool2DGradient(maximum), [(y, .normal), (image, values)]),
      ]
    } + [
      OpCase(.pool2D(Pool2D(.average, window)), [(image, .normal)]),
      OpCase(
        .pool2DGradient(
          Pool2DGradient(.average, window, height: image[1], width: image[2])),
        [(y, .normal)]),
    ]
  }

  package static let upsampledWindows: [OpCase] = images.flatMap { image, outputs in
    [(1, 2), (2, 2), (3, 1), (3, 2), (3, 3), (4, 3), (5, 2)].flatMap { size, factor -> [OpCase] in
      let wide = size + factor - 1
      return [
        OpCase(
          .upsampleWindow(UpsampleWindow(factor)), [([size, size, image[3], outputs], .normal)]),
        OpCase(
          .upsampleWindow(UpsampleWindow(factor, isAdjoint: true)),
          [([wide, wide, outputs, image[3]], .normal)]),
      ]
    }
  }

  package static let upsamplings: [OpCase] = images.flatMap { image, _ in
    Interpolation.allCases.flatMap { interpolation in
      [1, 2, 3].flatMap { factor -> [OpCase] in
        let large: Shape = [image[0], factor * image[1], factor * image[2], image[3]]
        return [
          OpCase(.upsample2D(Upsample2D(factor, interpolation)), [(image, .normal)]),
          OpCase(
            .upsample2DGradient(Upsample2DGradient(factor, interpolation)), [(large, .normal)]),
        ]
      }
    }
  }
}
