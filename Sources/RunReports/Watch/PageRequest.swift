/// A request for the single page of a `PageServer`; only its head is read.
package enum PageRequest: Hashable, Sendable {
  case page
  case refused(status: Int, reason: String)

  /// The maximum size of a head.
  package static let mostBytes = 8192

  /// - Parameters:
  ///   - head: the request line and the fields, without the empty line.
  ///   - port: the server's port.
  ///
  /// A `Host` other than loopback is refused, so that a page of another site cannot use its own
  /// host name for this address and read the response (DNS rebinding).
  package init(head: [UInt8], port: UInt16) {
    guard let text = String(validating: head, as: UTF8.self) else {
      self = .refused(status: 400, reason: "Bad Request")
      return
    }
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      self = .refused(status: 400, reason: "Bad Request")
      return
    }
    let hosts = lines.dropFirst().compactMap { line -> Substring? in
      guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "host" else {
        return nil
      }
      return line[line.index(after: colon)...]
    }.map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
    guard hosts.count == 1 else {
      self = .refused(status: 400, reason: "Bad Request")
      return
    }
    guard ["127.0.0.1:\(port)", "localhost:\(port)"].contains(hosts[0]) else {
      self = .refused(status: 403, reason: "Forbidden")
      return
    }
    guard words[0] == "GET" else {
      self = .refused(status: 405, reason: "Method Not Allowed")
      return
    }
    self = words[1] == "/" ? .page : .refused(status: 404, reason: "Not Found")
  }
}
