import Analyses
import Layers
import Testing

@Suite struct RunComparisonTests {
  private func row(
    _ run: String, _ loss: Double?, kind: String = "squared error per value",
    data: String = "digits"
  ) -> RunComparison.Row {
    RunComparison.Row(run: run, convention: kind, judgedBy: data, validation: loss)
  }

  @Test func ranksWhatIsAlike() {
    let comparison = RunComparison([row("a", 0.3), row("b", 0.2), row("c", 0.25)])
    #expect(comparison.lowest == [1] && comparison.reasons.isEmpty)
  }

  @Test func doesNotRankWhatIsNot() {
    let comparison = RunComparison([
      row("a", 0.3), row("b", 135, kind: "cross-entropy per example + KL"), row("c", 0.1),
    ])
    // `b` has nothing to be compared with; the other two have each other.
    #expect(comparison.lowest == [2])
    #expect(
      comparison.reasons == [
        "losses of different kinds are not ranked: squared error per value; cross-entropy per "
          + "example + KL"
      ])
    let others = RunComparison([row("a", 0.3), row("b", 0.2, data: "mnist"), row("c", nil)])
    #expect(others.lowest.isEmpty)
    #expect(
      others.reasons == [
        "losses on different data are not ranked: digits; mnist",
        "c has no finite validation loss",
      ])
  }

  @Test func namesConventions() {
    func text(_ loss: Loss, _ latent: Latent = .deterministic) -> String {
      LossConvention(
        Model(input: [4], encoder: [], latent: latent, decoder: [], loss: loss)
      ).description
    }
    #expect(
      text(Loss(reconstruction: .binaryCrossEntropyWithLogits, reduction: .mean))
        == "cross-entropy per value")
    #expect(
      text(Loss(reconstruction: .squaredError, reduction: .sum, l2: 0.001))
        == "squared error per example + L2 (0.001)")
    #expect(
      text(
        Loss(reconstruction: .binaryCrossEntropy, reduction: .batchMean, klWeight: 4),
        .variational(units: 2)) == "cross-entropy per example + 4.0 KL")
  }
}
