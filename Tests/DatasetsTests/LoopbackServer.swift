import Foundation
import Synchronization

/// An HTTP server on loopback that knows ranges, and whose answers can be made to fail.
///
/// Its socket is closed when nobody has it any more: a number that was free before a second `stop`
/// could by then be another test's connection.
final class LoopbackServer: Sendable {
  struct Answer: Sendable {
    var body: [UInt8] = []
    var status = 200
    /// The connection closes after this many bytes of the body.
    var breaksOffAfter: Int?
    var knowsRanges = true
  }

  let port: UInt16
  private let socket: Int32
  private let state = Mutex<(answers: [String: Answer], requests: [String])>(([:], []))

  var baseURL: String { "http://127.0.0.1:\(port)/" }

  /// The requests so far, `/name` or `/name from byte`.
  var requests: [String] { state.withLock { $0.requests } }

  init() {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(socket, pointer, length) == 0 && getsockname(socket, pointer, &length) == 0
      }
    }
    precondition(bound && listen(socket, 16) == 0)
    self.socket = socket
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in serve() }.start()
  }

  deinit { close(socket) }

  /// Ends the service; may be called again.
  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
  }

  func answer(_ name: String, with answer: Answer) {
    state.withLock { $0.answers["/" + name] = answer }
  }

  private func serve() {
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else { break }
      handle(connection)
      close(connection)
    }
  }

  private func handle(_ connection: Int32) {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = read(connection, &buffer, buffer.count)
      guard count > 0 else { return }
      request += buffer[..<count]
    }
    let text = String(decoding: request, as: UTF8.self)
    let path = String(text.split(separator: " ")[1])
    let range = text.split(separator: "Range: bytes=").dropFirst().first
      .flatMap { Int($0.prefix { $0.isNumber }) }
    let answer = state.withLock { state in
      state.requests.append(range.map { "\(path) from \($0)" } ?? path)
      return state.answers[path] ?? Answer(status: 404)
    }
    let start = answer.knowsRanges ? min(range ?? 0, answer.body.count) : 0
    let isPart = range != nil && answer.knowsRanges
    var head = "HTTP/1.1 \(isPart ? 206 : answer.status) X\r\nConnection: close\r\n"
    if isPart && start == answer.body.count {
      head = "HTTP/1.1 416 X\r\nConnection: close\r\n"
    } else if isPart {
      head += "Content-Range: bytes \(start)-\(answer.body.count - 1)/\(answer.body.count)\r\n"
    }
    head += "Content-Length: \(answer.body.count - start)\r\n\r\n"
    let end = min(answer.breaksOffAfter ?? .max, answer.body.count)
    let bytes = Array(head.utf8) + answer.body[start..<max(start, end)]
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        send(
          connection, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
