import Analyses
import Foundation
import Reports
import Training

/// The page of one run or of several runs in one self-contained file, without scripts and external
/// resources.
package struct ReportPage {
  package let runs: [RunReport]
  /// The time of writing, and the version of the program.
  package let made: Date
  package let version: String

  package init(_ runs: [RunReport], made: Date, version: String) {
    precondition(!runs.isEmpty, "a report needs a run")
    (self.runs, self.made, self.version) = (runs, made, version)
  }

  /// The file's text.
  package func html() throws -> String {
    let several = runs.count > 1
    var sections: [PageSection] = []
    if several { sections.append(ComparisonSection(runs).section) }
    for (place, run) in runs.enumerated() {
      let own = try RunSections(run, prefix: several ? "run\(place + 1)-" : "").sections()
      guard several else {
        sections += own
        continue
      }
      let head = PageSection(
        id: "run\(place + 1)", title: run.folder, body: RunHeader(run).pieces)
      sections.append(head.holding(own))
    }
    let title =
      several ? "\(runs.count) runs compared" : "\(runs[0].recipe.name) on \(runs[0].record.data)"
    let contents = HTML.element(
      "nav", ["aria-label": "Contents"], [.element("ul", [:], sections.map(\.link))])
    let body: [HTML] =
      [
        .element(
          "header", [:], [.heading(1, .text(title))] + (several ? [] : RunHeader(runs[0]).pieces))
      ]
      + [contents, .element("main", [:], sections.map { $0.html(level: 2) }), footer]
    return HTML.document(
      language: "en", head: PageHead(title: title).pieces,
      body: [.element("div", ["class": "page"], body)])
  }

  private var footer: HTML {
    .element(
      "footer", ["class": "quiet"],
      [.paragraph("Made by aegpu \(version), ", PageText.time(made), ".")])
  }
}

/// A part of a page with its own heading.
struct PageSection {
  let id: String
  let title: String
  var body: [HTML]
  var parts: [PageSection] = []

  /// The same section with subsections.
  func holding(_ parts: [PageSection]) -> PageSection {
    var section = self
    section.parts = parts
    return section
  }

  var link: HTML {
    .element("li", [:], [.element("a", ["href": "#\(id)"], [.text(title)])])
  }

  func html(level: Int) -> HTML {
    .joined([
      .element(
        "section", ["aria-labelledby": id],
        [.heading(level, .text(title), id: id)] + body + parts.map { $0.html(level: level + 1) }),
      "\n",
    ])
  }
}

/// Words that several parts of the page use.
enum PageText {
  static func time(_ date: Date) -> HTML {
    let text = date.ISO8601Format()
    return .element(
      "time", ["datetime": text],
      [.text(text.replacing("T", with: " ").replacing("Z", with: " UTC"))])
  }

  static func missing(_ reason: String) -> HTML { .paragraph(.text(reason), style: "missing") }

  static func link(_ text: String, to id: String) -> HTML {
    .element("a", ["href": "#\(id)"], [.text(text)])
  }
}
