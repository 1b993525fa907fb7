import Analyses
import Foundation
import Layers
import Plans
import Recipes
import Reports
import RunReports
import Testing
import Training

/// Pages of values, without a device and without files.
@Suite struct ReportPageTests {
  private static let hostile = "<script>x</script>&\"'"

  /// A run of `name` whose every text is `text`.
  private func report(_ name: String = "vae", text: String = "plain") throws -> RunReport {
    let recipe = try RecipeDocument(named: name).recipe()
    let layout = ParameterLayout(try recipe.model.parameters().map { ($0.name, $0.shape) })
    let weights = Weights(
      layout: layout, flat: [Double](repeating: 0, count: layout.count),
      stateLayout: StateLayout([]), state: [])
    let saved = SavedRun(
      folder: "runs/\(text)", weightsPath: "w", recipe: recipe, weights: weights, note: text)
    let record = RunRecord(
      saved, device: text, data: text, judgedBy: text, judgedOn: text, epoch: 2, seconds: 65,
      training: ["loss": 3, "kl": 1, "reconstruction": 2], validation: ["loss": 4])
    let epochs = (1...2).compactMap { epoch in
      EpochReport(
        line: """
          {"epoch":\(epoch),"step":1,"train":{"loss":\(4 - epoch),"kl":1,"reconstruction":2},\
          "validation":{"loss":\(3 + epoch),"kl":1,"reconstruction":3},"samplesPerSecond":1,"seconds":1}
          """)
    }
    return RunReport(
      record, try environment(text), state: .finished, epochs: epochs, recipeText: .found(text))
  }

  private func environment(_ text: String) throws -> RunEnvironment {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let device = """
      {"identifier": "cpu", "name": \(quoted), "kind": "cpu", "vendor": \(quoted), "driver": \(quoted),
      "version": \(quoted), "computeUnits": 2, "clockMegahertz": 2000, "globalMemoryBytes": 1,
      "localMemoryBytes": 1, "largestAllocationBytes": 1}
      """
    let json = """
      {"program": "aegpu", "version": "1", "commandLine": ["/bin/aegpu", "train", \(quoted)],
      "started": "2026-01-31T12:00:00Z", "seed": 1, "device": \(device), "products": [],
      "data": [{"name": \(quoted), "files": [{"path": \(quoted), "sha256": "ab"}]}]}
      """
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(RunEnvironment.self, from: Data(json.utf8))
  }

  /// The same with everything found.
  private func full(text: String) throws -> RunReport {
    var run = try report(text: text)
    run.measured = .found(
      .init(data: text, split: "test", count: 4, device: run.environment.device))
    var evaluation = EvaluationReport(
      run: text, data: text, split: "test", examples: 4, losses: ["loss": 4], mse: 0.5)
    evaluation.klByUnit = [0.5, 2]
    evaluation.activeUnits = 1
    run.evaluation = .found(.init(report: evaluation, scale: "of values from 0 to 1"))
    let example = Reconstructions.Example(
      name: text, error: 0.25, original: [0, 1, 0, 1], reconstruction: [1, 1, 1, 1])
    let grid = ImageGrid(shape: [2, 2, 1])
    run.reconstructions = .found(
      .init(kind: .images(grid), names: [text], worst: [example], best: [], errors: [0.25, 0.5]))
    run.codes = .found(
      .init(
        codeSize: 2, points: [0, 0, 1, 1, 2, 0, 1, 2], labels: [0, 1, 0, 1],
        labelNames: [text, "b"],
        cards: [.init(index: 1, name: text, image: [0, 1, 0, 1])], grid: grid, total: 4))
    var usage = CodeUsage(count: 3)
    usage.add([0, 0, 1])
    run.codeUse = .found(usage)
    return run
  }

  private func page(_ runs: RunReport...) throws -> String {
    try ReportPage(runs, made: Date(timeIntervalSince1970: 0), version: "1").html()
  }

  private func headings(_ page: String, level: Int = 2) throws -> [String] {
    try page.matches(of: Regex("<h\(level) id=\"([^\"]+)\"", as: (Substring, Substring).self))
      .map { String($0.1) }
  }

  @Test func everyPartHasItsPlace() throws {
    let page = try page(full(text: "plain"))
    #expect(
      try headings(page) == [
        "numbers", "loss", "reconstructions", "codes", "units", "codebook", "environment", "recipe",
      ])
    #expect(page.contains("<h1>vae on plain</h1>"))
    #expect(page.contains("took</dt><dd>1:05 (minutes:seconds) for 2 epochs"))
    #expect(page.contains("The best epoch is 1, with 4.0000."))
    #expect(page.contains("2 of 3 codebook vectors are used, with a perplexity of 1.8899"))
    #expect(page.contains("4 test examples of plain, on device cpu (plain)"))
    #expect(page.contains("total 2.5000 nats per example"))
    // The unit with the larger divergence comes first.
    let (first, second) = (
      page.firstRange(of: "<title>1: 2.0000"), page.firstRange(of: "<title>0: 0.5000")
    )
    #expect(try #require(first).lowerBound < #require(second).lowerBound)
  }

  @Test func whatDoesNotApplyIsNotThere() throws {
    let page = try page(report())
    #expect(try headings(page) == ["numbers", "loss", "environment", "recipe"])
    #expect(!page.contains("class=\"missing\""))
  }

  @Test func whatIsMissingIsSaid() throws {
    var run = try report()
    run.measured = .missing("data: gone <b>")
    run.codes = .missing("not every code is finite")
    run.profile = .missing("no device")
    run.recipeText = .missing("no file")
    let page = try page(run)
    #expect(try headings(page) == ["numbers", "loss", "codes", "time", "environment", "recipe"])
    for sentence in ["data: gone &lt;b&gt;", "not every code is finite", "no device", "no file"] {
      #expect(
        page.contains(
          try Regex(
            "<p class=\"missing\">[^<]*\(NSRegularExpression.escapedPattern(for: sentence))</p>")),
        "\(sentence)")
    }
  }

  @Test func textsOfOthersAreEscaped() throws {
    let page = try page(full(text: Self.hostile), full(text: Self.hostile))
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;x&lt;/script&gt;&amp;&quot;&#39;"))
    // No quote of theirs ends an attribute.
    #expect(!page.contains(Self.hostile.suffix(3)))
  }

  @Test func severalRunsHaveASectionEach() throws {
    let page = try page(full(text: "a"), report(text: "b"))
    #expect(try headings(page) == ["comparison", "run1", "run2"])
    #expect(
      try headings(page, level: 3).prefix(3) == [
        "run1-numbers", "run1-loss", "run1-reconstructions",
      ])
    #expect(page.contains("<h1>2 runs compared</h1>"))
    #expect(page.contains("losses on different data are not ranked"))
  }

  @Test func commandsAreWordsOfAShell() throws {
    #expect(try report().command == "aegpu train runs/plain/recipe.yaml --device cpu")
    let run = try report(text: "it's <here>")
    #expect(run.command == "aegpu train 'runs/it'\\''s <here>/recipe.yaml' --device cpu")
    #expect(run.madeBy == "aegpu train 'it'\\''s <here>'")
  }

  /// An epoch without validation, and none at all.
  @Test func shortRuns() throws {
    var run = try report()
    run.epochs = [
      try #require(
        EpochReport(
          line: #"{"epoch":1,"step":1,"train":{"loss":2},"samplesPerSecond":1,"seconds":1}"#))
    ]
    let one = try page(run)
    #expect(one.contains("there is no validation") && one.contains("best epoch, 1"))
    run.epochs = []
    #expect(try page(run).contains("No epoch is recorded."))
  }
}
