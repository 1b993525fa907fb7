import Analyses
import Graphs
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
    func text(
      _ loss: Loss, _ latent: Latent = .deterministic, encoder: [Layer] = [],
      phases: [Phase.Goal]? = nil
    ) -> String {
      var model = Model(
        input: [4], encoder: encoder, latent: latent, decoder: [.dense(Dense(units: 4))],
        loss: loss)
      let updating = Updating(.sgd(momentum: 0, nesterov: false), learningRate: 1)
      if let phases {
        model.phases = [
          Phase(name: "a", minimises: phases, moves: ["decoder"], updating: updating),
          Phase(name: "b", minimises: [.loss], moves: ["decoder"], updating: updating),
        ]
      }
      return LossConvention(model).description
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
    // Terms that layers add, whatever their names; with phases, only the first phase.
    let plain = Loss(reconstruction: .squaredError, reduction: .mean)
    let penalties = [Penalty.Kind.l1, .sparsity(target: 0.05)].map {
      Layer.penalty(Penalty($0, weight: Ramp(from: 0, to: 2, epochs: 3), reportedName: "mine"))
    }
    #expect(
      text(plain, encoder: penalties)
        == "squared error per value + l1 (2.0) + sparsity to 0.05 (2.0)")
    let term = Term(.squaredError, of: "code", against: .value(1), weight: 3)
    #expect(
      text(plain, encoder: penalties, phases: [.term(term)])
        == "squaredError of code against 1.0 (3.0)")
  }
}
