import OpenCLBackend
import Plans
import Recipes
import ReferenceBackend
import Training
import Tuning

/// The long check of recipes on a device, which a person asks for: whatever was found before, and in
/// double precision where that can be waited for.
package struct Checkup {
  /// What came of one recipe.
  package struct Result: Hashable, Sendable, Codable {
    package let recipe: String
    package let launches: Int
    package let seconds: Double
    package let evidence: [Evidence]
    /// What training uses instead of what is wrong; empty where nothing is, or where nothing helps.
    package let instead: [String]
    /// Device memory of a training, in bytes.
    package let memoryBytes: Int

    package var isRight: Bool { evidence.isEmpty }
  }

  private let folder: TuningFolder?

  /// For how many microseconds a step may be judged in double precision.
  private static let budget = 300_000

  /// - Parameter folder: where results are kept; `nil` where the user has no cache folder.
  package init(_ folder: TuningFolder?) { self.folder = folder }

  /// Checks a recipe, and keeps what was found for trainings to come.
  package func run(
    _ recipe: Recipe, _ plans: RunPlans, on backend: any Backend
  ) throws -> Result {
    let checked = try CheckedPlans(recipe, plans)
    let digest = try checked.digest(on: backend)
    // The native backend is no judge of itself.
    let budget = backend is OpenCLBackend ? Self.budget : nil
    let outcome = try Examination(checked, on: backend, budget: budget).run(digest: digest)
    keep(outcome, digest, of: backend.device)
    return Result(
      recipe: recipe.name, launches: outcome.launchCount, seconds: outcome.seconds,
      evidence: outcome.evidence, instead: outcome.replacement?.notes ?? [],
      memoryBytes: MemoryNeed(plans).byteCount)
  }

  private func keep(
    _ outcome: Examination.Outcome, _ digest: String, of device: DeviceInformation
  ) {
    guard let folder else { return }
    var record = folder.checks(of: device)
    record.forget(digest)
    if outcome.evidence.isEmpty { record.pass(digest) }
    if let replacement = outcome.replacement { record.replace(replacement) }
    // That it cannot be written is a finding of its own.
    try? folder.write(record, of: device)
  }
}
