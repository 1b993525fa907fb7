import Reports

/// The head of a page, with a policy that allows no external resources.
struct PageHead {
  let title: String
  /// The nonce of the page's own script, if it has one; the page may then be fetched again.
  /// Browsers without scripts reload it.
  var nonce: String?

  var pieces: [HTML] {
    let script = nonce.map { "; script-src 'nonce-\($0)'; connect-src 'self'" } ?? ""
    let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'" + script
    let refresh = HTML.element(
      "noscript", [:], [.element("meta", ["http-equiv": "refresh", "content": "5"])])
    return [
      .element("meta", ["charset": "utf-8"]),
      .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .element("meta", ["name": "color-scheme", "content": "light dark"]),
      .element("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      nonce == nil ? "" : refresh, .element("title", [:], [.text(title)]),
      .style(PageStyle.sheet),
    ]
  }
}
