import Graphs
import Layers
import Recipes
import Testing

/// The fields `loss.mmd` and `latent.variational.samples`.
@Suite struct PriorTermTests {
  private func message(_ name: String, _ overrides: [String: String]) -> String {
    do {
      _ = try FamilyTests.recipe(name, overrides)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func reads() throws {
    let wae = try FamilyTests.recipe("wae").model
    #expect(wae.loss.discrepancy == DiscrepancyPenalty(.inverseMultiquadratic, weight: 10))
    #expect(wae.latent == .deterministic && wae.followsPrior)
    #expect(try FamilyTests.recipe("infovae").model.loss.discrepancy?.kernel == .gaussian)
    #expect(try FamilyTests.recipe("iwae").model.drawCount == 50)
    #expect(try FamilyTests.recipe("vae").model.drawCount == 1)
    let phases = try FamilyTests.recipe(
      "wae",
      [
        "phases":
          "[{name: a, minimise: [loss, {mmd: {of: code, against: prior}}], moves: [encoder]}]"
      ]
    ).model.phases
    #expect(phases[0].minimises == [.loss, .term(Term(.gaussian, of: "code", against: "prior"))])
  }

  @Test func refusesWhatABoundHasNoPlaceFor() {
    let beside = " with latent.variational.samples above 1, whose bound "
    #expect(
      message("iwae", ["loss.reduction": "mean"]).contains(
        "loss.reduction: expected batchMean or sum\(beside)sums the errors of an example, received mean"
      ))
    #expect(
      message("iwae", ["loss.klWeight": "4"]).contains(
        "loss.klWeight: expected 1\(beside)has no separate divergence, received 4"))
    #expect(message("iwae", ["loss.klCapacity": "4"]).contains("loss.klCapacity: expected none"))
    #expect(message("iwae", ["loss.freeBits": "0.5"]).contains("loss.freeBits: expected none"))
    #expect(
      message("dense", ["loss.freeBits": "0.5"]).contains(
        "loss.freeBits: expected latent: {variational: …}, as it weighs the KL divergence"))
    #expect(message("iwae", ["loss.mmd": "{weight: 1}"]).contains("loss.mmd: expected none"))
    #expect(
      message("iwae", ["phases": "[{name: a, minimise: [loss], moves: [encoder]}]"])
        .contains("phases: expected none"))
    #expect(message("iwae", ["loss.klWeight": "1"]) == "")
  }

  @Test func refusesNoBatch() {
    let phase = "[{name: a, minimise: [{mmd: {of: code, against: 0}}], moves: [encoder]}]"
    #expect(message("wae", ["phases": phase]).contains("expected one of input, code"))
    #expect(message("wae", ["loss.mmd": "{weight: 1, kernel: flat}"]).contains("gaussian"))
  }
}
