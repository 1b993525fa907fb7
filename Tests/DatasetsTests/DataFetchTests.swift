import Datasets
import Foundation
import TestFolders
import Testing

@Suite struct DataFetchTests {
  /// A data set of two files on its own server, and the folder that it is got into.
  private struct Setting: ~Copyable {
    let server = LoopbackServer()
    let folder: TemporaryFolder
    let bodies: [String: [UInt8]] = [
      "one.gz": (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) },
      "two.gz": Array("two".utf8),
    ]
    var set: String { folder.path + "/data/some" }

    init() throws {
      folder = try TemporaryFolder()
      for (name, body) in bodies { server.answer(name, with: LoopbackServer.Answer(body: body)) }
    }

    deinit { server.stop() }

    func run(report: (DataFetch.Event) -> Void = { _ in }) throws(DatasetError) {
      let fetch = DataFetch(
        name: "some", baseURL: server.baseURL,
        files: try ["one.gz", "two.gz"].map { name throws(DatasetError) in
          var hash = try SHA256()
          bodies[name]!.withUnsafeBytes { hash.update($0) }
          return DataFetch.File(name, sha256: hash.finish())
        })
      let place = try fetch.run(
        into: DataFolders(directory: folder.path + "/data", environment: { _ in nil }),
        report: report)
      #expect(place == set)
    }

    func message() -> String? {
      thrown { () throws(DatasetError) in try run() }?.description
    }

    func expectAll(sourceLocation: SourceLocation = #_sourceLocation) throws {
      #expect(try names() == ["one.gz", "two.gz"], sourceLocation: sourceLocation)
      for (name, body) in bodies {
        #expect(try read(name) == body, sourceLocation: sourceLocation)
      }
    }

    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: set).sorted()
    }

    func read(_ name: String) throws -> [UInt8] {
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(set)/\(name)")))
    }
  }

  @Test func getsWhatIsMissing() throws {
    let setting = try Setting()
    var events: [DataFetch.Event] = []
    try setting.run { events.append($0) }
    try setting.expectAll()
    #expect(
      events == [
        .fetching(url: setting.server.baseURL + "one.gz", resumedAt: 0),
        .fetched(path: setting.set + "/one.gz"),
        .fetching(url: setting.server.baseURL + "two.gz", resumedAt: 0),
        .fetched(path: setting.set + "/two.gz"),
      ])
    // A second time nothing is asked for; a file that was damaged is got again.
    events = []
    try setting.folder.write([1], to: "data/some/two.gz")
    try setting.run { events.append($0) }
    try setting.expectAll()
    #expect(events.first == .kept(path: setting.set + "/one.gz"))
    #expect(setting.server.requests == ["/one.gz", "/two.gz", "/two.gz"])
  }

  @Test func goesOnWhereItBrokeOff() throws {
    let setting = try Setting()
    let body = setting.bodies["one.gz"]!
    setting.server.answer(
      "one.gz", with: LoopbackServer.Answer(body: body, breaksOffAfter: 100_000))
    #expect(
      setting.message()
        == "\(setting.server.baseURL)one.gz: expected the whole file, received its first 100000 "
        + "bytes; run the command again to resume the download")
    #expect(try setting.names() == ["one.gz.part"])
    setting.server.answer("one.gz", with: LoopbackServer.Answer(body: body))
    try setting.run()
    try setting.expectAll()
    #expect(setting.server.requests == ["/one.gz", "/one.gz from 100000", "/two.gz"])
  }

  @Test(arguments: [true, false]) func beginsAnewWhereTheRestDoesNotFit(knowsRanges: Bool) throws {
    let setting = try Setting()
    let body = setting.bodies["one.gz"]!
    try setting.folder.write([9, 9, 9], to: "data/some/one.gz.part")
    setting.server.answer(
      "one.gz", with: LoopbackServer.Answer(body: body, knowsRanges: knowsRanges))
    try setting.run()
    try setting.expectAll()
    #expect(setting.server.requests.prefix(2) == ["/one.gz from 3", "/one.gz"])
  }

  /// The process may end between the last byte and the new name; a longer file is one of another
  /// kind.
  @Test(arguments: [0, 5]) func takesAFileThatIsComplete(more: Int) throws {
    let setting = try Setting()
    let body = setting.bodies["one.gz"]! + [UInt8](repeating: 0, count: more)
    try setting.folder.write(body, to: "data/some/one.gz.part")
    try setting.run()
    try setting.expectAll()
    #expect(setting.server.requests.contains("/one.gz") == (more > 0))
  }

  @Test func refusesAnotherHash() throws {
    let setting = try Setting()
    setting.server.answer("two.gz", with: LoopbackServer.Answer(body: Array("Two".utf8)))
    // printf two | sha256sum, printf Two | sha256sum
    #expect(
      setting.message()
        == "\(setting.server.baseURL)two.gz: expected SHA-256 "
        + "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3, received "
        + "94a72c074cfe574742c9e99e863322f73feff82981d065ff65a0308f44f19f62; "
        + "try again later, or get the file from another source")
    #expect(try setting.names() == ["one.gz"])
  }

  @Test(arguments: [404, 503]) func namesTheStatus(status: Int) throws {
    let setting = try Setting()
    setting.server.answer("one.gz", with: LoopbackServer.Answer(body: [1], status: status))
    #expect(
      setting.message()
        == "\(setting.server.baseURL)one.gz: expected the file, received HTTP status \(status); "
        + "try again later, or get the file from another source")
    #expect(try setting.names() == [])
  }

  @Test func namesAFullDisk() throws {
    let setting = try Setting()
    try FileManager.default.createDirectory(
      atPath: setting.set, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: setting.set + "/one.gz.part", withDestinationPath: "/dev/full")
    #expect(
      setting.message()
        == "\(setting.set)/one.gz.part: expected to write the downloaded bytes, received a write "
        + "error; free some disk space or choose another folder with --data-dir")
    #expect(try setting.names() == [])
  }

  @Test func namesAServerThatIsNotThere() throws {
    let setting = try Setting()
    setting.server.stop()
    // The server's thread may take a moment to close its socket.
    var message = setting.message()
    for _ in 0..<50 where message?.contains("onnect") != true { message = setting.message() }
    let text = try #require(message)
    #expect(text.hasPrefix("\(setting.server.baseURL)one.gz: expected the file, received "))
    #expect(text.hasSuffix("; check the connection and run the command again"))
    #expect(text.contains("onnect"))
  }

  @Test func namesAFolderThatCannotBeMade() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([1], to: "data")
    let error = thrown { () throws(DatasetError) in
      _ = try DataFetch.mnist.run(into: DataFolders(directory: file, environment: { _ in nil }))
    }
    #expect(
      error?.description
        == "\(file): expected a folder that can be created, received file exists; "
        + "choose another with --data-dir")
  }

  @Test func knowsTwoDataSets() throws {
    #expect(try DataFetch.named("mnist") == .mnist)
    #expect(try DataFetch.named("fashion-mnist") == .fashionMNIST)
    let error = thrown { () throws(DatasetError) in _ = try DataFetch.named("cifar") }
    #expect(
      error?.description
        == "data fetch: expected fashion-mnist or mnist, received cifar; "
        + "see aegpu data list")
    for file in DataFetch.all.flatMap(\.files) { #expect(file.sha256.count == 64) }
  }
}
