import OpenCLBackend
import Plans

/// Checks the plans of a recipe on a device and, where something is wrong, looks for another way to
/// compute it.
struct Examination {
  struct Outcome {
    var launchCount = 0
    var seconds = 0.0
    /// What was wrong as the device was opened.
    var evidence: [Evidence] = []
    /// What makes it right; the backend has it then.
    var replacement: Replacement?

    var isUsable: Bool { evidence.isEmpty || replacement != nil }
  }

  private let checked: CheckedPlans
  private let backend: any Backend
  private let budget: Int?

  /// - Parameter budget: as for `RecipeCheck`.
  init(_ checked: CheckedPlans, on backend: any Backend, budget: Int?) {
    (self.checked, self.backend, self.budget) = (checked, backend, budget)
  }

  func run(digest: String) throws -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    var outcome = Outcome()
    let first = try check()
    (outcome.launchCount, outcome.evidence) = (first.launchCount, first.evidence)
    if !first.evidence.isEmpty, let backend = backend as? OpenCLBackend {
      outcome.replacement = replacement(for: first.evidence, digest, on: backend)
    }
    outcome.seconds = (clock.now - start) / .seconds(1)
    return outcome
  }

  private func check() throws -> RecipeCheck.Result {
    try RecipeCheck(checked.recipe, checked.plans, on: backend, budget: budget).run()
  }

  /// Takes one way after the other until nothing is wrong.
  /// - Returns: `nil` where nothing helps; then the backend is as before.
  private func replacement(
    for first: [Evidence], _ digest: String, on backend: OpenCLBackend
  ) -> Replacement? {
    let (schedule, products) = (backend.schedule, backend.products)
    var found = Replacement(digest: digest)
    var tried: [ProductShape: Set<String>] = [:]
    var evidence = first
    while let next = change(evidence, found, &tried, on: backend) {
      found = next
      found.apply(to: backend)
      // What cannot be built is no way either.
      guard let result = try? check() else { continue }
      evidence = result.evidence
      if evidence.isEmpty { return found }
    }
    (backend.schedule, backend.products) = (schedule, products)
    return nil
  }

  /// The next way: launches apart, then in one queue, where one of those that are fused is wrong or
  /// that are beside others; then other kernels for the products that are wrong.
  private func change(
    _ evidence: [Evidence], _ found: Replacement, _ tried: inout [ProductShape: Set<String>],
    on backend: OpenCLBackend
  ) -> Replacement? {
    var next = found
    let worst = evidence[0]
    func note(_ instead: String) -> String {
      "\(worst.operation) by \(worst.kernels.prefix(3).joined(separator: ", ")) is wrong on device "
        + "\(backend.device.identifier) (\(backend.device.name)): \(worst.finding); using \(instead) "
        + "instead"
    }
    let usual = backend.schedule(of: checked.plans.training.full)
    if usual == .fused {
      next.schedule = .twoQueues
      next.notes = [note("launches apart")]
      return next
    }
    if usual == .twoQueues, worst.isOfQueues {
      next.schedule = .oneQueue
      next.notes = [note("one queue")]
      return next
    }
    guard evidence.allSatisfy({ $0.product != nil }) else { return nil }
    for choice in Set(evidence.compactMap(\.product)) {
      tried[choice.shape, default: []].insert(choice.candidate)
      let left = backend.candidates(choice.shape).filter {
        !tried[choice.shape]!.contains($0.description)
      }
      // A few of the own kernels, which have their text in common, then the library's.
      let isLate = tried[choice.shape]!.count > Self.ownCandidates
      guard let candidate = isLate ? left.first(where: { $0 == .clblast }) : left.first else {
        return nil
      }
      next.products.removeAll { $0.shape == choice.shape }
      next.products.append(ProductChoice(choice.shape, by: candidate))
      next.notes.removeAll { $0.hasPrefix("product \(choice.shape) ") }
      next.notes.append(
        "product \(choice.shape) by \(choice.candidate) is wrong on device "
          + "\(backend.device.identifier) (\(backend.device.name)), using \(candidate) instead")
    }
    return next
  }

  private static let ownCandidates = 2
}
