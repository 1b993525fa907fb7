import Foundation
import Recipes
import Reports
import Training

/// The page of a run in training, made from its files so far. It reloads itself every few seconds,
/// and keeps its last contents when the program has ended.
package struct WatchPage {
  private let folder: RunFolder?

  /// - Parameter folder: `nil` before the run has one.
  package init(_ folder: RunFolder?) { self.folder = folder }

  package var html: String {
    var body: [HTML] = [PageText.missing("The run has not started yet.")]
    var title = "aegpu train"
    if let folder {
      title = folder.path
      body = Finding { try pieces(folder) }.shown
    }
    let main = HTML.element("main", [:], [.heading(1, .text(title))] + body)
    // A random nonce, which no external text can know: only the script with it runs.
    let nonce = "\(UInt64.random(in: .min ... .max))\(UInt64.random(in: .min ... .max))"
    return HTML.document(
      language: "en", head: PageHead(title: title, nonce: nonce).pieces,
      body: [
        .element(
          "div", ["class": "page"],
          [
            main,
            .element(
              "p", ["class": "quiet", "role": "status", "id": "status"], [.text(Self.goesOn)]),
          ]), .script(Self.script, nonce: nonce),
      ])
  }

  static let goesOn = "This page shows the run during training."

  private static let script = """
    setInterval(async () => {
      const status = document.getElementById("status")
      try {
        const answer = await fetch(location.href, {cache: "no-store"})
        if (!answer.ok) throw answer.status
        const page = new DOMParser().parseFromString(await answer.text(), "text/html")
        const [from, to] = [page.querySelector("main"), document.querySelector("main")]
        if (from.innerHTML !== to.innerHTML) to.replaceWith(from)
        status.textContent = "\(goesOn)"
      } catch {
        status.textContent = "The program has ended; this is the last state."
      }
    }, 2000)
    """

  private func pieces(_ folder: RunFolder) throws -> [HTML] {
    let environment = try RunEnvironment(of: folder)
    let recipe = try RecipeDocument(named: folder.recipe).recipe()
    let epochs = folder.reports()
    var facts: [(name: String, value: HTML)] = [
      ("recipe", .text(recipe.name)),
      ("trains on", .text(environment.data.map(\.name).joined(separator: ", "))),
      ("started", PageText.time(environment.started)),
      ("device", .text(environment.device.text)),
      ("epochs", "\(epochs.count) of \(recipe.epochs)"),
    ]
    if let last = epochs.last {
      facts.append(
        ("speed", "\(Numbers.grouped(Int(last.samplesPerSecond.rounded()))) examples/s"))
      let loss = last.validation.map { "; validation \(Numbers.loss($0.loss))" } ?? ""
      facts.append(("loss", "\(Numbers.loss(last.training.loss))\(loss)"))
    }
    let judgedOn = RunRecord.judgedBy(recipe, environment.data, withHashes: false)
    let charts =
      epochs.isEmpty
      ? [PageText.missing("No epoch is completed yet.")]
      : LossCharts(epochs, recipe.model, judgedOn: judgedOn).pieces
    return [.facts(facts), .heading(2, "Loss by epoch")] + charts + pictures(folder)
  }

  /// The newest picture of each kind.
  private func pictures(_ folder: RunFolder) -> [HTML] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.images)) ?? [])
      .sorted()
    return [("Reconstructions", "reconstructions-epoch-"), ("New samples", "samples-epoch-")]
      .flatMap { title, start -> [HTML] in
        guard let name = names.last(where: { $0.hasPrefix(start) && $0.hasSuffix(".png") }),
          let bytes = FileManager.default.contents(atPath: "\(folder.images)/\(name)"),
          let epoch = Int(name.dropFirst(start.count).dropLast(4))
        else { return [] }
        let picture = HTML.element(
          "img", ["src": HTML.dataAddress(ofPNG: bytes), "alt": "\(title) after epoch \(epoch)"])
        return [
          .heading(2, .text(title)), .figure([picture], caption: "After epoch \(epoch)."),
        ]
      }
  }
}

extension Finding<[HTML]> {
  /// The pieces, or why there are none.
  fileprivate var shown: [HTML] {
    switch self {
    case .notApplicable: []
    case .missing(let reason): [PageText.missing(reason)]
    case .found(let pieces): pieces
    }
  }
}
