import Foundation
import Synchronization

/// An HTTP/1.1 server of a single page, reachable only from this machine. It runs in its own
/// thread, which ends with the process.
///
/// It answers one request after the other and closes each connection. A request may take two
/// seconds and a response five, so that a slow client does not block others; at most
/// `PageRequest.mostBytes` of a head are kept, and a body is never read. The page is made at most
/// once per second.
///
/// `@unchecked Sendable`: socket and port never change, and the cached page is used only by the
/// server's own thread.
package final class PageServer: @unchecked Sendable {
  package let port: UInt16
  private let socket: Int32
  private let page: @Sendable () -> String
  private var kept: (text: [UInt8], made: ContinuousClock.Instant)?

  package var address: String { "http://127.0.0.1:\(port)" }

  /// Opens the port; requests are answered after `start`.
  /// - Parameters:
  ///   - port: 0 for a free port.
  ///   - page: makes the page, in the server's thread.
  package init(port: UInt16, page: @escaping @Sendable () -> String) throws(ServerError) {
    let socket = Glibc.socket(
      AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw ServerError(port: port, call: "socket") }
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, length) == 0 && listen(socket, 16) == 0
          && getsockname(socket, pointer, &length) == 0
      }
    }
    guard isBound else {
      let error = ServerError(port: port, call: "bind")
      close(socket)
      throw error
    }
    self.socket = socket
    self.port = UInt16(bigEndian: address.sin_port)
    self.page = page
  }

  /// Closed when the server is no longer used; the serving thread keeps a reference.
  deinit { close(socket) }

  package func start() {
    let thread = Thread { [self] in serve() }
    thread.name = "watch"
    thread.start()
  }

  /// Stops the server.
  package func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

  private func serve() {
    // Signals must go to the training thread.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    while true {
      let connection = accept(socket, nil, nil)
      if connection < 0, errno == EINTR || errno == ECONNABORTED { continue }
      if connection < 0, errno == EMFILE || errno == ENFILE {
        // No free descriptors: wait until some are closed.
        usleep(100_000)
        continue
      }
      guard connection >= 0 else { return }
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      handle(connection)
      close(connection)
    }
  }

  private func handle(_ connection: Int32) {
    let request =
      head(of: connection).map { PageRequest(head: $0, port: port) }
      ?? .refused(status: 400, reason: "Bad Request")
    let deadline = ContinuousClock.now + .seconds(5)
    switch request {
    case .page: send(Self.answer(200, "OK", text()), to: connection, by: deadline)
    case .refused(let status, let reason):
      let text = Array("\(status) \(reason)\n".utf8)
      send(
        Self.answer(status, reason, text, type: "text/plain"), to: connection, by: deadline)
    }
    // Unread bytes would make the system reset the connection before the response is read.
    shutdown(connection, Int32(SHUT_WR))
    var rest = [UInt8](repeating: 0, count: 4096)
    var left = 64
    while left > 0,
      Self.wait(for: POLLIN, of: connection, by: ContinuousClock.now + .milliseconds(200)),
      read(connection, &rest, rest.count) > 0
    {
      left -= 1
    }
  }

  private func text() -> [UInt8] {
    if let kept, ContinuousClock.now - kept.made < .seconds(1) { return kept.text }
    let text = Array(page().utf8)
    kept = (text, .now)
    return text
  }

  /// The bytes before the first empty line; `nil` if it does not come in time or within the maximum
  /// size.
  private func head(of connection: Int32) -> [UInt8]? {
    let deadline = ContinuousClock.now + .seconds(2)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 2048)
    while bytes.count <= PageRequest.mostBytes {
      if let end = bytes.firstRange(of: [13, 10, 13, 10]) {
        return Array(bytes[..<end.lowerBound])
      }
      guard Self.wait(for: POLLIN, of: connection, by: deadline) else { return nil }
      let count = recv(connection, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count < 0, errno == EAGAIN || errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
    return nil
  }

  private func send(
    _ bytes: [UInt8], to connection: Int32, by deadline: ContinuousClock.Instant
  ) {
    var sent = 0
    while sent < bytes.count, Self.wait(for: POLLOUT, of: connection, by: deadline) {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          connection, buffer.baseAddress! + sent, buffer.count - sent,
          Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count < 0, errno == EAGAIN || errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }

  private static func wait(
    for events: Int32, of connection: Int32, by deadline: ContinuousClock.Instant
  ) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return false }
      var wanted = pollfd(fd: connection, events: Int16(events), revents: 0)
      let found = poll(&wanted, 1, Int32(left / .milliseconds(1)) + 1)
      if found > 0 { return true }
      if found < 0, errno != EINTR { return false }
    }
  }

  private static func answer(
    _ status: Int, _ reason: String, _ body: [UInt8], type: String = "text/html"
  ) -> [UInt8] {
    let fields = [
      "Content-Type: \(type); charset=utf-8", "Content-Length: \(body.count)",
      "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
      "Cross-Origin-Resource-Policy: same-origin", "Referrer-Policy: no-referrer",
      "Connection: close",
    ]
    let allowed = status == 405 ? ["Allow: GET"] : []
    let head = (["HTTP/1.1 \(status) \(reason)"] + fields + allowed).joined(separator: "\r\n")
    return Array((head + "\r\n\r\n").utf8) + body
  }
}

/// A port that could not be opened.
package struct ServerError: Error, CustomStringConvertible {
  package let port: UInt16
  let call: String
  let reason: String

  /// Stores the error of the C call that just failed.
  init(port: UInt16, call: String) {
    (self.port, self.call) = (port, call)
    reason = String(cString: strerror(errno)).lowercased()
  }

  package var description: String {
    "--watch: expected a free port of 127.0.0.1, received \(port); \(call): \(reason); "
      + "choose another port, or leave it out"
  }
}
