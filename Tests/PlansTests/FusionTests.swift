import Graphs
import Layers
import Plans
import ReferenceBackend
import TestSupport
import Testing

@Suite struct FusionTests {
  /// Losses, parameters and state after three steps on the reference backend.
  private func train(_ model: Model, fused: Bool) throws -> (losses: [Double], weights: [Double]) {
    let store = try SmallModels.store(model, on: ReferenceBackend())
    let schedule = (1...3).map { SmallModels.adam.schedule(step: $0, learningRate: 0.01) }
    try store.begin(.training, step: 0, order: nil, schedule: schedule)
    let step = try store.prepare(SmallModels.trainingPlan(model, fused: fused))
    for _ in 0..<3 { try step.run() }
    return (
      try store.losses(.training, rows: 0..<3), try store.read(.parameters) + store.read(.state)
    )
  }

  @Test(arguments: SmallModels.all)
  func fusedEqualsUnfused(_ model: Model) throws {
    let fused = try train(model, fused: true)
    let plain = try train(model, fused: false)
    let closeness = Tolerance(absolute: 1e-12, relative: 1e-12)
    #expect(closeness.firstDifference(fused.losses, plain.losses) == nil)
    #expect(closeness.firstDifference(fused.weights, plain.weights) == nil)
    #expect(fused.losses[0] != fused.losses[2])
  }

  @Test func denseTrainingStepInOrder() throws {
    let names = try SmallModels.trainingPlan(SmallModels.dense, fused: true).steps
      .map(\.op.operation.name)
    #expect(
      names == [
        "gather",
        "product(A, B) + bias, relu",
        "product(A, B) + bias",
        "product(A, B) + bias, elu",
        "product(A, B) + bias",
        "binaryCrossEntropyWithLogitsWithGradient(mean)",
        "columnSum",
        "product(Aᵀ, B)",
        "product(A, Bᵀ) · elu′",
        "columnSum",
        "product(Aᵀ, B)",
        "product(A, Bᵀ)",
        "columnSum",
        "product(Aᵀ, B)",
        "product(A, Bᵀ) · relu′",
        "columnSum",
        "product(Aᵀ, B)",
        "record",
        "update(adam)",
      ])
  }

  /// Ops fused into convolutions, gradients of shared weights, and views.
  @Test func imagesAndTiedWeights() throws {
    let images = try SmallModels.trainingPlan(SmallModels.images, fused: true).steps
      .map(\.op.operation.name)
    #expect(images.contains("conv2D(3×3, same) + bias, tanh"))
    #expect(images.contains("conv2DInputGradient(3×3 by 2, same) + bias, softplus"))
    #expect(images.contains("conv2DWeightGradient(3×3, same) + addend"))
    #expect(images.contains("reshape([5, 8])") && images.contains("reshape([5, 2, 2, 2])"))
    #expect(!images.contains("addBias"))
    let tied = try SmallModels.trainingPlan(SmallModels.tied, fused: true).steps
      .map(\.op.operation.name)
    #expect(tied.count { $0 == "product(Aᵀ, B) + addend" } == 4)
  }

  /// Upsampling is removed before a centred window; before an even window it stays.
  @Test func upsamplingsFoldIntoConvolutions() throws {
    let names = try SmallModels.trainingPlan(SmallModels.pooled, fused: true).steps
      .map(\.op.operation.name)
    #expect(names.contains("conv2DInputGradient(5×5 by 3, same) + bias, relu"))
    #expect(names.contains("conv2DInputGradient(6×6 by 2, same) + bias, elu"))
    #expect(names.contains("conv2D(6×6 by 2, same) · relu′"))
    #expect(names.contains("conv2DWeightGradient(5×5 by 3, same)"))
    #expect(names.count { $0.hasPrefix("upsampleWindow(") } == 2)
    #expect(names.count { $0.hasPrefix("upsampleWindowGradient(") } == 2)
    #expect(
      names.filter { $0.hasPrefix("upsample2D") }.sorted() == [
        "upsample2D(2, nearest)", "upsample2DGradient(2, nearest)",
      ])
  }

  /// Derivatives and bias gradients are taken of the pooled images, not of the large ones.
  @Test func workMovesBeforePoolGradients() throws {
    let steps = try SmallModels.trainingPlan(SmallModels.pooled, fused: true).steps
    let names = steps.map(\.op.operation.name)
    #expect(names.contains("conv2DInputGradient(3×3, same) · relu′"))
    #expect(!names.contains("reluGradient"))
    let gradients = steps.filter {
      if case .pool2DGradient = $0.op { true } else { false }
    }
    #expect(gradients.count == 2)
    for gradient in gradients {
      let readers = steps.filter { $0.inputs.contains(gradient.outputs[0]) }.map(\.op)
      #expect(!readers.contains(.columnSum(ColumnSum())) && !readers.isEmpty)
    }
  }

  @Test func variationalHeadsShareOneGradient() throws {
    let names = try SmallModels.trainingPlan(SmallModels.vae, fused: true).steps
      .map(\.op.operation.name)
    #expect(names.contains("product(A, Bᵀ) + addend · relu′"))
    #expect(!names.contains("add"))
  }

  @Test func activationIsApartWhereItsInputIsReadAgain() throws {
    let names = try SmallModels.trainingPlan(SmallModels.smooth, fused: true).steps
      .map(\.op.operation.name)
    #expect(names.contains("product(A, B) + bias") && names.contains("gelu"))
    #expect(names.contains("product(A, Bᵀ) · gelu′") && names.contains("product(A, Bᵀ) · silu′"))
    #expect(!names.contains("geluGradient"))
  }

  /// A sum that is read twice, or wanted by the caller, must still be computed as such.
  @Test func keepsWhatIsReadElsewhere() throws {
    var graph = Graph()
    let x = graph.add(.input(name: "x"), TensorType([2, 3]))
    let w = graph.add(.input(name: "w"), TensorType([3, 4]))
    let b = graph.add(.input(name: "b"), TensorType([4]))
    let product = try graph.add(.product(Product()), [x, w])[0]
    let sum = try graph.add(.addBias(AddBias()), [product, b])[0]
    let relu = try graph.add(.activate(Activate(.relu)), [sum])[0]
    let twice = try graph.add(.add(Add()), [relu, sum])[0]
    let plan = Plan("test", graph, outputs: [twice], parameters: noParameters)
    #expect(plan.steps.map(\.op.operation.name) == ["product(A, B) + bias", "relu", "add"])
    let all = Plan("test", graph, outputs: [product, sum, twice], parameters: noParameters)
    #expect(all.steps.map(\.op.operation.name) == ["product(A, B)", "addBias", "relu", "add"])
  }
}
