import Foundation
import Graphs

/// The test cases for every backend and every gradient rule.
package enum OpCases {
  /// Sizes that fit no tile, no vector and no work-group.
  package static let sizes = [1, 3, 17, 33, 65, 257]

  static let matrices: [Shape] = sizes.flatMap { rows in
    [Shape([rows, sizes[(rows + 2) % sizes.count]]), Shape([rows, 257 / rows + 1])]
  }

  package static let all: [OpCase] = small(
    [
      products, epilogues, convolutions, convolutionEpilogues, pools, upsamplings,
      upsampledWindows, elementwiseCases, sums, losses, latent, noise, batchNorms, penalties,
      denormalizations, judgements, priors, sides, stepWindows, recurrences, discrepancies,
      freeBits, importance, codebooks,
    ].flatMap(\.self))

  /// The most elements of an operand, for a device that is simulated, as Tools/oclgrind does:
  /// `AEGPU_TEST_LARGEST`. A launch of a product computes whole tiles, however small it is.
  package static let largest = ProcessInfo.processInfo.environment["AEGPU_TEST_LARGEST"]
    .flatMap { Int($0) }
  package static let largestOfProducts = largest.map { $0 / 30 }

  /// All of them; for a device that is simulated, the first.
  package static func few<Case>(_ cases: [Case]) -> [Case] {
    largest == nil ? cases : Array(cases.prefix(1))
  }

  /// Without those that have larger operands.
  private static func small(_ cases: [OpCase]) -> [OpCase] {
    guard let largest, let largestOfProducts else { return cases }
    return cases.filter { opCase in
      let limit = if case .product = opCase.op { largestOfProducts } else { largest }
      return opCase.operands.allSatisfy { $0.shape.count <= limit }
    }
  }

  package static let products: [OpCase] = small(everyProduct)

  private static let everyProduct: [OpCase] = {
    var shapes: [(m: Int, n: Int, k: Int)] = []
    for (index, m) in sizes.enumerated() {
      for (other, n) in sizes.enumerated() {
        shapes.append((m, n, sizes[(index + 2 * other + 1) % sizes.count]))
      }
    }
    shapes += [(64, 784, 32), (50, 20, 128), (128, 10, 784), (784, 32, 20)]
    return shapes.flatMap { m, n, k in
      [(false, false), (true, false), (false, true), (true, true)].map { a, b in
        OpCase(
          .product(Product(transposeA: a, transposeB: b)),
          [(a ? [k, m] : [m, k], .normal), (b ? [n, k] : [k, n], .normal)])
      }
    }
  }()

  package static let epilogues: [OpCase] = {
    var addend = Epilogue()
    addend.addend = true
    var cases = [
      OpCase(
        .product(Product(transposeA: true, epilogue: addend)),
        [([65, 17], .normal), ([65, 33], .normal), ([17, 33], .normal)])
    ]
    for activation in Activation.allCases {
      // Many columns are one loop over tiles whatever the activation; of each kind of derivative
      // one.
      let wide = [.identity, .relu, .gelu].contains(activation) ? [(33, 257, 17)] : []
      for (m, n, k) in [(1, 1, 1), (17, 33, 65), (65, 20, 3)] + wide {
        var forward = Epilogue()
        forward.bias = true
        forward.activation = activation
        cases.append(
          OpCase(
            .product(Product(epilogue: forward)),
            [([m, k], .normal), ([k, n], .normal), ([n], .normal)]))
        var backward = Epilogue()
        backward.addend = activation == .relu
        backward.derivativeOf = activation
        var operands: [(Shape, OpCase.Values)] = [([m, k], .normal), ([n, k], .normal)]
        if backward.addend { operands.append(([m, n], .normal)) }
        if activation != .identity {
          operands.append(([m, n], .derivativeOperand(of: activation)))
        }
        cases.append(
          OpCase(.product(Product(transposeB: true, epilogue: backward)), operands))
      }
    }
    return cases
  }()

  package static let elementwiseCases: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    var cases = [
      OpCase(.addBias(AddBias()), [(shape, .normal), ([shape.columns], .normal)]),
      OpCase(.add(Add()), [(shape, .normal), (shape, .normal)]),
      OpCase(.reshape(Reshape([shape.count, 1])), [(shape, .normal)]),
      OpCase(.scale(Scale(2)), [(shape, .normal), ([], .constant(0.5))]),
    ]
    for activation in Activation.allCases {
      cases.append(OpCase(.activate(Activate(activation)), [(shape, .normal)]))
      cases.append(
        OpCase(
          .activateGradient(ActivateGradient(activation)),
          [(shape, .normal), (shape, .derivativeOperand(of: activation))]))
    }
    return cases
  }

  package static let sums: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    [
      OpCase(.columnSum(ColumnSum()), [(shape, .normal)]),
      OpCase(.sumOfSquares(SumOfSquares()), [(shape, .normal)]),
    ]
  }

  package static let losses: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    ReconstructionError.allCases.flatMap { error -> [OpCase] in
      let prediction: OpCase.Values = error == .binaryCrossEntropy ? .unit : .normal
      let pair: [(Shape, OpCase.Values)] = [(shape, prediction), (shape, .unit)]
      return Reduction.allCases.flatMap { reduction -> [OpCase] in
        let seeded = pair + [([], .constant(0.75))]
        return [
          OpCase(.reconstructionLoss(.init(error, reduction)), pair),
          OpCase(
            .reconstructionLossGradient(.init(error, reduction)), seeded),
          OpCase(.reconstructionLossWithGradient(.init(error, reduction)), seeded),
        ]
      } + maskedLosses(error, prediction, shape)
    }
  }

  private static func maskedLosses(
    _ error: ReconstructionError, _ prediction: OpCase.Values, _ shape: Shape
  ) -> [OpCase] {
    let scale = LossScale(.mean, presentShare: 0.6)
    let operands: [(Shape, OpCase.Values)] = [(shape, prediction), (shape, .unit), (shape, .mask)]
    let seeded = operands + [([], .constant(0.75))]
    return [
      OpCase(.reconstructionLoss(.init(error, scale)), operands),
      OpCase(
        .reconstructionLossGradient(.init(error, scale)), seeded),
      OpCase(.reconstructionLossWithGradient(.init(error, scale)), seeded),
    ]
  }

  /// Losses by example, with one draw for each and with several.
  package static let judgements: [OpCase] = (matrices + [[3, 7, 5, 2]]).flatMap {
    shape -> [OpCase] in
    let columns = shape.count / shape[0]
    return [1, 3].flatMap { draws -> [OpCase] in
      let rows = draws * shape[0]
      let x = Shape([rows] + shape.dimensions.dropFirst())
      let losses = ReconstructionError.allCases.flatMap { error -> [OpCase] in
        let prediction: OpCase.Values = error == .binaryCrossEntropy ? .unit : .normal
        return [false, true].flatMap { isMasked -> [OpCase] in
          let loss = ExampleLoss(error, factor: 0.5, drawCount: draws, isMasked: isMasked)
          let operands: [(Shape, OpCase.Values)] =
            [(x, prediction), (shape, .unit)] + (isMasked ? [(shape, .mask)] : [])
          return [
            OpCase(.exampleLoss(loss), operands),
            OpCase(
              .exampleLossGradient(ExampleLossGradient(loss: loss)), operands + [([rows], .normal)]),
          ]
        }
      }
      let codes: Shape = [shape[0], columns]
      return losses + [
        OpCase(
          .importanceSample(ImportanceSample(drawCount: draws)),
          [(codes, .normal), (codes, .normal), ([rows, columns], .normal)])
      ]
    }
  }

  /// Columns side by side, of as many rows and of rows that repeat; and some columns.
  package static let sides: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    let places = Shape([shape[0], 3, shape[1]])
    return [shape, places].map {
      OpCase(.concatenate(Concatenate()), [($0, .normal), ([shape[0], 10], .normal)])
    }
      + [0..<shape[1], shape[1] / 2..<shape[1], shape[1] / 3..<(2 * shape[1] + 2) / 3].map {
        OpCase(.columns(Columns($0)), [(places, .normal)])
      }
  }

  /// Points that lie up to 3 from the middle.
  package static let priors: [OpCase] = [1, 7, 300].flatMap { rows in
    PriorShape.allCases.map {
      OpCase(.shapedPrior(ShapedPrior($0)), [([rows, 4], .normal)])
    }
  }

  package static let latent: [OpCase] = matrices.flatMap { shape -> [OpCase] in
    Reduction.allCases.flatMap { reduction -> [OpCase] in
      [
        OpCase(
          .reparameterize(Reparameterize(reduction)),
          [(shape, .normal), (shape, .normal), (shape, .normal)]),
        OpCase(
          .reparameterizeGradient(ReparameterizeGradient(reduction)),
          [
            (shape, .normal), (shape, .normal), (shape, .normal), (shape, .normal),
            ([], .constant(0.5)),
          ]),
      ]
    }
  }
}
