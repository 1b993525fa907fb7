import Foundation
import RunReports
import Synchronization
import Testing

@Suite struct PageRequestTests {
  private func request(_ lines: String...) -> PageRequest {
    PageRequest(head: Array(lines.joined(separator: "\r\n").utf8), port: 81)
  }

  private func status(_ request: PageRequest) -> Int {
    if case .refused(let status, _) = request { status } else { 200 }
  }

  @Test func thePageIsAtItsAddress() {
    #expect(request("GET / HTTP/1.1", "Host: 127.0.0.1:81", "Accept: */*") == .page)
    #expect(request("GET / HTTP/1.1", "hOST:\tLocalhost:81 ") == .page)
  }

  @Test(arguments: [
    ("GET /x HTTP/1.1", "Host: localhost:81", 404), ("GET /? HTTP/1.1", "Host: localhost:81", 404),
    ("POST / HTTP/1.1", "Host: localhost:81", 405), ("HEAD / HTTP/1.1", "Host: localhost:81", 405),
    ("GET / HTTP/1.1", "Host: evil.example:81", 403),
    ("GET / HTTP/1.1", "Host: 127.0.0.1.evil.example:81", 403),
    ("GET / HTTP/1.1", "Host: localhost:82", 403), ("GET / HTTP/1.1", "Host:", 403),
    ("POST / HTTP/1.1", "Host: evil.example", 403),
    ("GET / HTTP/1.1", "Accept: */*", 400), ("GET / HTTP/2", "Host: localhost:81", 400),
    ("GET /  HTTP/1.1", "Host: localhost:81", 400), ("", "", 400),
  ])
  func othersAreRefused(line: String, field: String, status: Int) {
    #expect(self.status(request(line, field)) == status)
  }

  @Test func onlyOneHostAndOnlyText() {
    #expect(
      status(request("GET / HTTP/1.1", "Host: localhost:81", "Host: evil.example")) == 400)
    #expect(status(PageRequest(head: [0xff, 0xfe], port: 81)) == 400)
  }
}

@Suite struct PageServerTests {
  private static func started(_ page: @escaping @Sendable () -> String) throws -> PageServer {
    let server = try PageServer(port: 0, page: page)
    server.start()
    return server
  }

  /// Sends bytes and reads until the connection is closed.
  private static func ask(_ port: UInt16, _ text: String) throws -> String {
    let connection = try connected(port)
    defer { close(connection) }
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes {
      send(connection, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
    }
    var (answer, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
    while true {
      let count = read(connection, &buffer, buffer.count)
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }

  private static func connected(
    _ port: UInt16, at host: UInt32 = 0x7f00_0001
  ) throws -> Int32 {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = host.bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(connection)
      throw POSIXError(.ECONNREFUSED)
    }
    return connection
  }

  private static func get(_ port: UInt16) -> String {
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
  }

  @Test func answersAndCloses() throws {
    let server = try Self.started { "<p>größer</p>" }
    let answer = try Self.ask(server.port, Self.get(server.port))
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.contains("\r\nContent-Length: 15\r\n") && answer.contains("no-store"))
    #expect(answer.hasSuffix("\r\n\r\n<p>größer</p>"))
    let refused = try Self.ask(
      server.port, "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\nbody")
    #expect(refused.hasPrefix("HTTP/1.1 405 ") && refused.contains("\r\nAllow: GET\r\n"))
    server.stop()
  }

  /// Of another address of this machine nobody answers.
  @Test func listensAtLoopbackAlone() throws {
    let server = try Self.started { "" }
    #expect(throws: POSIXError.self) { try Self.connected(server.port, at: 0x7f00_0002) }
    server.stop()
  }

  /// A client that sends without end gets an error, and others get answers.
  @Test func largeHeadsAreRefused() throws {
    let server = try Self.started { "page" }
    let long = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000)
    let start = ContinuousClock.now
    #expect(try Self.ask(server.port, long).hasPrefix("HTTP/1.1 400 "))
    // Sooner than one that does not end.
    #expect(ContinuousClock.now - start < .seconds(1.9))
    #expect(try Self.ask(server.port, Self.get(server.port)).hasSuffix("page"))
    server.stop()
  }

  /// Connections that send nothing hold others up for two seconds each, and no longer.
  @Test func slowRequestsEnd() throws {
    let server = try Self.started { "page" }
    let slow = try Self.connected(server.port)
    defer { close(slow) }
    let start = ContinuousClock.now
    #expect(try Self.ask(server.port, Self.get(server.port)).hasSuffix("page"))
    #expect(ContinuousClock.now - start < .seconds(8))
    server.stop()
  }

  @Test func thePageIsMadeOnceASecond() throws {
    let count = Mutex(0)
    let server = try Self.started {
      count.withLock {
        $0 += 1; return "\($0)"
      }
    }
    let answers = try (0..<5).map { _ in try Self.ask(server.port, Self.get(server.port)).last }
    #expect(Set(answers).count < 5)
    usleep(1_100_000)
    #expect(try Self.ask(server.port, Self.get(server.port)).last != answers[0])
    server.stop()
  }

  @Test func takenPortsAreSaid() throws {
    let server = try Self.started { "" }
    let error = #expect(throws: ServerError.self) { try PageServer(port: server.port) { "" } }
    #expect(
      error?.description
        == "--watch: expected a free port of 127.0.0.1, received \(server.port); bind: address "
        + "already in use; choose another port, or leave it out")
    server.stop()
  }
}
