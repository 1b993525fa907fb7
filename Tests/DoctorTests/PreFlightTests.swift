import CPUBackend
import Doctor
import Foundation
import OpenCLBackend
import Plans
import Recipes
import Synchronization
import TestFolders
import TestSupport
import Testing
import Training
import Tuning

/// What was found right is not checked again, and what changes is.
@Suite(.serialized) struct PreFlightTests {
  private final class Notices: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var taken: [String] {
      lines.withLock { lines in
        defer { lines = [] }
        return lines
      }
    }
  }

  @Test(arguments: OpenCLTestDevice.all)
  func checksOnce(_ device: OpenCLTestDevice) throws {
    try inFolder { path in
      let folder = try #require(TuningFolder { $0 == "AEGPU_CACHE_DIR" ? path : nil })
      let notices = Notices()
      func check(_ recipe: Recipe, examples: Int = 43) throws -> [String] {
        try PreFlight(folder, notice: notices.add)
          .check(recipe, RecipeTests.plans(recipe, examples: examples), on: device.open())
        return notices.taken
      }
      let recipe = try RecipeTests.recipe()
      let first = try check(recipe)
      #expect(first.count == 1)
      #expect(first[0].contains(#/^checked \d+ launches of small against cpu in [\d.]+ s$/#))
      #expect(try check(recipe) == [])
      // More batches of the same sizes are nothing new, another last batch is, and so is another layer.
      #expect(try check(recipe, examples: 83) == [])
      #expect(try check(recipe, examples: 44).count == 1)
      #expect(try check(RecipeTests.recipe(["latent.variational.units": "5"])).count == 1)
      // Another seed or learning rate is not.
      #expect(try check(RecipeTests.recipe(["seed": "7"])) == [])
      // A file that is none, or another driver's, is as good as nothing.
      let file = folder.file(of: try device.open().device, .checked)
      try "no record".write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try check(recipe).count == 1)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let driver = try device.open().device.driver
      try text.replacingOccurrences(of: driver, with: "older")
        .write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try check(recipe).count == 1)
    }
  }

  /// What an earlier check put in place of something wrong is taken again, and said.
  @Test(arguments: OpenCLTestDevice.all)
  func takesWhatIsKept(_ device: OpenCLTestDevice) throws {
    try inFolder { path in
      let folder = try #require(TuningFolder { $0 == "AEGPU_CACHE_DIR" ? path : nil })
      let recipe = try RecipeTests.recipe()
      let plans = try RecipeTests.plans(recipe)
      let backend = try device.open()
      let digest = try CheckedPlans(recipe, plans).digest(on: backend)
      let shape = try #require(plans.training.full.products.first?.shape)
      var replacement = Replacement(digest: digest)
      replacement.schedule = .oneQueue
      replacement.products = [ProductChoice(shape, by: ProductCandidate.clblast)]
      replacement.notes = ["one is wrong, using another instead"]
      var record = folder.checks(of: backend.device)
      record.replace(replacement)
      try folder.write(record, of: backend.device)
      let notices = Notices()
      try PreFlight(folder, notice: notices.add).check(recipe, plans, on: backend)
      #expect(notices.taken == replacement.notes)
      #expect(backend.schedule == .oneQueue)
      #expect(backend.products == ProductTable([shape: .clblast]))
    }
  }

  /// Where no folder can be written to, every training is checked, and none is refused.
  @Test func needsNoFolder() throws {
    let notices = Notices()
    let folder = try #require(TuningFolder { $0 == "AEGPU_CACHE_DIR" ? "/proc/aegpu" : nil })
    let recipe = try RecipeTests.recipe()
    for folder in [folder, nil] {
      try PreFlight(folder, notice: notices.add)
        .check(recipe, RecipeTests.plans(recipe), on: CPUBackend())
      // Of the native backend nothing is said where it is right.
      #expect(notices.taken == [])
    }
  }
}
