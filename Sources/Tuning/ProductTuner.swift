import Benchmarks
import CPUBackend
import Graphs
import OpenCLBackend
import Plans
import Recipes
import Training

/// Measures the candidates for a recipe's matrix products on one device.
///
/// A product is run as in the recipe's plan: with its fused operations, its operands in the same
/// memory, in the recipe's store. The results are compared with those of the CPU backend for the
/// same numbers.
package struct ProductTuner {
  package struct Settings: Hashable, Sendable {
    /// Timing windows of each candidate that is not far slower than the best.
    package var windows = 5
    package var windowSeconds = 0.01

    package init() {}
  }

  /// Why a candidate is rejected: a wrong result, or an error of the device.
  package struct Fault: Hashable, Sendable, CustomStringConvertible {
    package let shape: ProductShape
    package let candidate: ProductCandidate
    package let reason: String

    package var description: String {
      "\(candidate) is rejected for \(shape): \(reason)"
    }
  }

  private let backend: OpenCLBackend
  private let settings: Settings

  package init(_ backend: OpenCLBackend, _ settings: Settings = Settings()) {
    self.backend = backend
    self.settings = settings
  }

  /// Measures every shape of the recipe's training and evaluation steps.
  /// - Parameters:
  ///   - known: shapes that need not be measured.
  ///   - report: receives each shape; `fault` receives each rejected candidate.
  /// - Returns: one product per shape, in the order of the plans.
  package func tune(
    _ recipe: Recipe, except known: Set<ProductShape> = [],
    report: (ProductShape) -> Void = { _ in }, fault: (Fault) -> Void = { _ in }
  ) throws -> [TuningRecord.Product] {
    let data = try TrainingData(
      randomFor: recipe, batches: 1, validationCount: ViewPlan.largestBatchSize)
    let plans = try RunPlans(recipe, data)
    var seen = known
    var products: [TuningRecord.Product] = []
    let judged = [plans.evaluation?.full].compactMap(\.self)
    for plan in plans.training.phases.map(\.full) + judged {
      for (step, shape) in plan.products where seen.insert(shape).inserted {
        guard shape.m * shape.n * shape.k > 0 else { continue }
        report(shape)
        products.append(try tune(plan.product(at: step), shape, plans.store, fault))
      }
    }
    return products
  }

  private func tune(
    _ plan: Plan, _ shape: ProductShape, _ layout: StoreLayout, _ fault: (Fault) -> Void
  ) throws -> TuningRecord.Product {
    let operands = ProductOperands(plan, layout)
    let judge = try CPUBackend().makeStore(layout)
    let expected = try ProductTrial(plan, in: judge).results(of: operands)
    let store = try backend.makeStore(layout)
    defer { backend.products = ProductTable() }
    var wrong: [ProductCandidate] = []
    var timed: [Timed] = []
    let candidates = backend.candidates(shape)
    backend.buildAhead(plan, layout, candidates: candidates)
    for candidate in candidates {
      backend.products = .forced(candidate)
      do {
        let trial = try ProductTrial(plan, in: store)
        try shape.compare(trial.results(of: operands), with: expected)
        let repetition = try Repetition(
          trial.executable, in: store, windowSeconds: settings.windowSeconds)
        timed.append(Timed(candidate, repetition, best: try repetition.window()))
      } catch {
        fault(Fault(shape: shape, candidate: candidate, reason: "\(error)"))
        if case TuningError.wrongElement = error { wrong.append(candidate) }
      }
      // Only fast candidates are kept, as each keeps its memory.
      let bound = 1.3 * (timed.map(\.best).min() ?? 0)
      timed.removeAll { $0.best > bound && $0.candidate != candidates[0] }
    }
    guard !timed.isEmpty else { throw TuningError.noneRight(shape) }
    // Windows alternate, so that other load of the machine affects all candidates alike.
    for _ in 1..<max(settings.windows, 2) {
      for index in timed.indices {
        timed[index].best = min(timed[index].best, try timed[index].repetition.window())
      }
    }
    let all = timed.map { TuningRecord.Product.Timed($0.candidate, microseconds: $0.best * 1e6) }
    let usual = all.first { $0.candidate == candidates[0] }
    let fastest = all.min { $0.microseconds < $1.microseconds }!
    // A smaller difference is noise.
    let isClear = usual.map { fastest.microseconds < 0.97 * $0.microseconds } ?? true
    return TuningRecord.Product(
      shape, fastest: isClear ? fastest : usual!, usual: usual, wrong: wrong)
  }

  /// A candidate with a correct result, and the time of its best window.
  private struct Timed {
    let candidate: ProductCandidate
    let repetition: Repetition
    var best: Double

    init(_ candidate: ProductCandidate, _ repetition: Repetition, best: Double) {
      (self.candidate, self.repetition, self.best) = (candidate, repetition, best)
    }
  }
}
