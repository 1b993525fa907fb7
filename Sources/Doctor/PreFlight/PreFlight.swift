import Datasets
import OpenCLBackend
import Plans
import Recipes
import ReferenceBackend
import Reports
import Training
import Tuning

/// The short check before a training: every launch of its plans, once for each device with its driver
/// and each text of its kernels.
package struct PreFlight {
  private let folder: TuningFolder?
  private let notice: (String) -> Void

  /// For how many microseconds a step may be judged in double precision.
  private static let budget = 2000
  /// Up to how many operations of native plans are checked: the reference backend judges them all.
  private static let nativeOperations = 4_000_000
  /// More take minutes.
  private static let mostOperations = 4_000_000_000_000

  /// - Parameters:
  ///   - folder: where results are kept; `nil` where the user has no cache folder.
  ///   - notice: told what a person should know.
  package init(_ folder: TuningFolder?, notice: @escaping (String) -> Void) {
    (self.folder, self.notice) = (folder, notice)
  }

  /// Checks the plans of a run before anything is trained. Where something is wrong that can be
  /// computed otherwise, the backend does so from then on.
  /// - Throws: `WrongDevice` where nothing helps.
  package func check(_ recipe: Recipe, _ plans: RunPlans, on backend: any Backend) throws {
    guard !(backend is ReferenceBackend) else { return }
    let checked = try CheckedPlans(recipe, plans)
    let isNative = !(backend is OpenCLBackend)
    let operations = checked.floatingPointOperations
    guard !isNative || operations <= Self.nativeOperations else { return }
    let digest = try checked.digest(on: backend)
    var record = folder?.checks(of: backend.device) ?? CheckRecord(.init(backend.device))
    guard !record.passed.contains(digest) else { return }
    if let known = record.replacement(of: digest), let backend = backend as? OpenCLBackend {
      known.apply(to: backend)
      known.notes.forEach(notice)
      return
    }
    guard operations <= Self.mostOperations, checked.byteCount <= AvailableMemory.byteCount / 2
    else {
      notice(
        "\(recipe.name) is too large for the short check of its launches; aegpu doctor checks "
          + "the device with smaller networks")
      return
    }
    let outcome = try Examination(checked, on: backend, budget: isNative ? nil : Self.budget)
      .run(digest: digest)
    guard outcome.isUsable else {
      throw WrongDevice(recipe: recipe.name, device: backend.device, evidence: outcome.evidence)
    }
    if let replacement = outcome.replacement {
      replacement.notes.forEach(notice)
      record.replace(replacement)
    } else {
      // The native backend is no device that somebody doubts.
      if !isNative {
        notice(
          "checked \(Numbers.counted(outcome.launchCount, "launch", "launches")) of \(recipe.name) "
            + "against cpu in \(Numbers.short(outcome.seconds)) s")
      }
      record.pass(digest)
    }
    // What cannot be kept is checked again the next time; `doctor` tells of the folder.
    try? folder?.write(record, of: backend.device)
  }
}

/// A device that computes a recipe wrong.
package struct WrongDevice: Error, CustomStringConvertible {
  package let recipe: String
  package let device: DeviceInformation
  package let evidence: [Evidence]

  package var description: String {
    "device \(device.identifier) (\(device.name), driver \(device.driver)): expected right results of "
      + "\(recipe), but \(evidence[0]); update the driver, or choose another device with --device "
      + "(aegpu doctor \(recipe) --device \(device.identifier) tells more; "
      + "AEGPU_CHECK=0 trains all the same)"
  }
}
