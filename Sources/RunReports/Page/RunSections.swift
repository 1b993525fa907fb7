import Analyses
import Layers
import Reports
import Training

/// The sections of one run, in order; those that do not apply are left out.
struct RunSections {
  let run: RunReport
  /// The prefix of the ids of its sections.
  private let prefix: String

  init(_ run: RunReport, prefix: String) { (self.run, self.prefix) = (run, prefix) }

  func sections() throws -> [PageSection] {
    [
      numbers,
      section(
        "loss", "Loss by epoch",
        LossCharts(run.epochs, run.recipe.model, judgedOn: run.record.judgedOn).pieces),
      try section("reconstructions", "Reconstructions", run.reconstructions) {
        try ReconstructionPictures($0, unit: errorUnit, subject: subject).pieces()
      },
      try section("samples", "New samples", run.samples) { try SamplePictures($0).pieces() },
      try section("codes", "Codes", run.codes) {
        try CodeCharts(
          $0, beside: run.baseline.value, subject: subject, nextID: prefix + "after-points"
        ).pieces()
      },
      try variational, codebook,
      section("anomalies", "Anomalies", run.anomalies) {
        AnomalyCharts($0, subject: subject).pieces
      },
      section("time", "Time by kernel", run.profile) { ProfileTable($0).pieces },
      section("environment", "Device and environment", EnvironmentFacts(run).pieces),
      recipe,
    ].compactMap(\.self)
  }

  /// The examples and the device of the numbers.
  private var subject: String {
    guard let measured = run.measured.value else { return "" }
    let which = measured.split == "all" ? "" : "\(measured.split) "
    let noun = which + (measured.areWindows ? "window" : "example")
    return "\(Numbers.counted(measured.count, noun)) of \(measured.data), "
      + "on device \(measured.device.text)"
  }

  /// The meaning of the squared error of a reconstruction.
  private var errorUnit: String {
    run.evaluation.value.map { "mean squared error \($0.scale)" } ?? "mean squared error"
  }

  private func section(_ id: String, _ title: String, _ body: [HTML]) -> PageSection? {
    body.isEmpty ? nil : PageSection(id: prefix + id, title: title, body: body)
  }

  private func section<Value>(
    _ id: String, _ title: String, _ finding: Finding<Value>, _ body: (Value) throws -> [HTML]
  ) rethrows -> PageSection? {
    switch finding {
    case .notApplicable: nil
    case .missing(let reason): section(id, title, [PageText.missing(reason)])
    case .found(let value): section(id, title, try body(value))
    }
  }

  // MARK: Numbers

  private var numbers: PageSection? {
    var body: [HTML] = [LossTable(run).html]
    switch run.measured {
    case .missing(let reason):
      body.append(
        PageText.missing(
          "The results of the model on examples are missing (quality, reconstructions, samples, codes, "
            + "anomalies): \(reason)"))
    case .notApplicable, .found: break
    }
    switch run.evaluation {
    case .missing(let reason): body.append(PageText.missing(reason))
    case .notApplicable: break
    case .found(let evaluated): body.append(evaluationTable(evaluated))
    }
    if case .missing(let reason) = run.baseline {
      body.append(PageText.missing("No comparison with PCA: \(reason)"))
    }
    return section("numbers", "Numbers", body)
  }

  private func evaluationTable(_ evaluated: RunReport.Evaluated) -> HTML {
    var table = TextTable([.text("measure"), .text("value"), .text("description")])
    let rows = evaluated.report.numbers(
      convention: LossConvention(run.recipe.model), scale: evaluated.scale,
      window: evaluated.window)
    // If the loss has only one part, the part is the loss.
    let hasParts = evaluated.report.losses.count > 2
    for (name, text) in rows where hasParts || !name.hasPrefix("  ") {
      let parts = text.split(separator: "  ", maxSplits: 1).map(String.init)
      let isPart = name.hasPrefix("  ")
      let isPhase = evaluated.report.phases?[name] != nil
      let unit =
        isPart
        ? "part of the loss"
        : isPhase ? "loss of this phase" : name == "SSIM" ? "from −1 to 1" : ""
      table.append([
        isPart ? String(name.dropFirst(2)) : name, parts[0],
        parts.count > 1 ? parts[1] : unit,
      ])
    }
    if let baseline = run.baseline.value {
      table.append([
        "MSE of PCA", Numbers.loss(baseline.mse),
        "\(evaluated.scale); \(Numbers.counted(baseline.components, "component")) of "
          + "\(Numbers.counted(baseline.examples, "training example")), "
          + "\(Numbers.percent(baseline.explained)) of their variance",
      ])
    }
    return .table(table, caption: "Quality: \(subject)")
  }

  // MARK: Codes

  private var variational: PageSection? {
    get throws {
      guard let divergences = run.evaluation.value?.report.klByUnit else { return nil }
      var body: [HTML] = [
        .element(
          "div", ["class": "figures"], [DivergenceChart(divergences, subject: subject).html])
      ]
      switch run.traversals {
      case .notApplicable: break
      case .missing(let reason): body.append(PageText.missing(reason))
      case .found(let traversals): body += try TraversalPictures(traversals).pieces()
      }
      return section("units", "Units of the code", body)
    }
  }

  private var codebook: PageSection? {
    switch run.codeUse {
    case .notApplicable: nil
    case .missing(let reason): section("codebook", "Codebook", [PageText.missing(reason)])
    case .found(let usage):
      section("codebook", "Codebook", CodebookCharts(usage, run.epochs, subject: subject).pieces)
    }
  }

  // MARK: Recipe

  private var recipe: PageSection? {
    var body: [HTML] = []
    switch run.recipeText {
    case .notApplicable: break
    case .missing(let reason): body.append(PageText.missing(reason))
    case .found(let text):
      body += [
        .paragraph("This command repeats the run:"),
        .preformatted(run.command, label: "command"),
        .paragraph("It was made with:"),
        .preformatted(run.madeBy, label: "command that made the run"),
        .paragraph("The recipe, with all flags applied:"),
        .preformatted(text, label: "recipe"),
      ]
    }
    return section("recipe", "Recipe and command", body)
  }
}
