import Recipes
import Testing

/// Names under which something is reported already: a key of `metrics.jsonl` has one value.
@Suite struct ReportedNameTests {
  /// The error of a recipe with these fields.
  private func message(_ name: String, _ overrides: [String: String]) -> String {
    do {
      _ = try FamilyTests.recipe(name, overrides)
      return ""
    } catch {
      return "\(error)"
    }
  }

  private func penalty(_ kind: String, _ name: String) -> String {
    "[{dense: {units: 8}}, {penalty: {kind: \(kind), weight: 0.1, name: \(name)}}]"
  }

  @Test func refusesATermWithTheNameOfAnother() {
    let weighted = ["encoder": penalty("l1", "klNats"), "loss.klWeight": "2"]
    #expect(
      message("vae", weighted).hasSuffix(
        ": encoder[1]: expected a term with a unique reported name; these are in use: loss, "
          + "reconstruction, kl, klNats, received klNats"))
    // Where it is not reported, the name is free.
    #expect(message("vae", ["encoder": penalty("l1", "klNats")]) == "")
    for taken in ["loss", "reconstruction", "kl"] {
      #expect(message("vae", ["encoder": penalty("l1", taken)]).contains("received \(taken)"))
    }
    let bound = message("iwae", ["encoder": penalty("l1", "bound")])
    #expect(bound.contains("in use: loss, bound, received bound"))
    let mmd = message("wae", ["encoder.1": "{penalty: {kind: l1, weight: 0.1, name: mmd}}"])
    #expect(mmd.contains("in use: loss, reconstruction, mmd, received mmd"))
    for measure in ["perplexity", "commitment"] {
      let codes = "{penalty: {kind: l2, weight: 0.1, name: \(measure)}}"
      #expect(message("vq", ["decoder.0": codes]).contains("received \(measure)"))
    }
  }

  @Test func addsTermsOfOneKind() {
    let sigmoid = "{dense: {units: 8, activation: sigmoid}}"
    let own = "{penalty: {kind: l1, weight: 0.1}}"
    #expect(message("dense", ["encoder": "[\(sigmoid), \(own), \(own)]", "loss.l1": "0.1"]) == "")
    let other = "{penalty: {kind: l1, weight: 0.1, name: sparsity}}"
    #expect(
      message(
        "dense",
        ["encoder": "[\(sigmoid), \(other)]", "loss.sparsity": "{target: 0.1, weight: 1}"]
      ).contains("in use: loss, reconstruction, sparsity, received sparsity"))
  }

  @Test func refusesAPhaseWithTheNameOfATerm() {
    for taken in ["loss", "reconstruction"] {
      let message = message("adversarial", ["phases.1.name": taken])
      #expect(
        message.contains(
          "phases[1].name: expected a phase with a unique reported name; these are in use: loss, "
            + "reconstruction"))
      #expect(message.hasSuffix("received \(taken)"))
    }
    #expect(message("adversarial", ["phases.0.name": "reconstruction"]) == "")
    #expect(message("vae-gan", ["phases.0.name": "kl"]).contains("received kl"))
  }
}
