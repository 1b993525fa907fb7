import Foundation
import Reports
import TestFolders
import Testing

@Suite struct AtomicFileTests {
  @Test func writesAndReplaces() throws {
    try inFolder { folder in
      let path = folder + "/metrics.jsonl"
      try AtomicFile.write("one\n", to: path)
      try AtomicFile.write(Array("zwei ü\n".utf8), to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "zwei ü\n")
      try AtomicFile.write("", to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["metrics.jsonl"])
    }
  }

  @Test func givesTheUsersPermissions() throws {
    try inFolder { folder in
      try AtomicFile.write("x", to: folder + "/a")
      _ = FileManager.default.createFile(atPath: folder + "/b", contents: Data())
      #expect(try permissions(folder + "/a") == permissions(folder + "/b"))
    }
  }

  @Test func passesOverWhatAKilledProcessLeft() throws {
    try inFolder { folder in
      let stale = "\(folder)/.a.\(getpid())-0"
      _ = FileManager.default.createFile(atPath: stale, contents: Data("stale".utf8))
      try AtomicFile.write("new", to: folder + "/a")
      #expect(try String(contentsOfFile: folder + "/a", encoding: .utf8) == "new")
      #expect(try String(contentsOfFile: stale, encoding: .utf8) == "stale")
    }
  }

  @Test func namesAMissingFolder() throws {
    try inFolder { folder in
      let error = thrown { () throws(ReportError) in
        try AtomicFile.write("x", to: folder + "/no/a")
      }
      #expect(
        error?.description
          == "\(folder)/no/a: expected a folder \(folder)/no, found none; create it first")
    }
  }

  /// The last step fails, since a folder stands in the way: nothing of ours is left behind.
  @Test func leavesNothingBehindWhenItFails() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/a", withIntermediateDirectories: true)
      let error = thrown { () throws(ReportError) in
        try AtomicFile.write("x", to: folder + "/a")
      }
      #expect(
        error?.description
          == "\(folder)/a: expected a file that can be written, received from rename: "
          + "is a directory; check the path and its permissions")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  /// A file size limit makes a real write break off in the middle, as a full disk does; in a
  /// process of its own, since limits and signals are process-wide.
  @Test func keepsTheOldFileWhenAWriteBreaksOff() async throws {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      try inFolder { folder in
        try AtomicFile.write("old", to: folder + "/a")
        var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
        setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
        #expect(throws: ReportError.self) {
          try AtomicFile.write([UInt8](repeating: 7, count: 5000), to: folder + "/a")
        }
        #expect(try String(contentsOfFile: folder + "/a", encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
      }
    }
  }

  @Test func namesAFullDisk() {
    let error = thrown { () throws(ReportError) in
      try AtomicFile.write([1, 2, 3], to: "/dev/full")
    }
    #expect(
      error?.description
        == "/dev/full: expected 3 bytes of free disk space, received a full disk; "
        + "free some space or choose another folder")
  }

  /// A device is written to, not replaced; a link stays and points to the new file.
  @Test func writesDevicesAndFollowsLinks() throws {
    try inFolder { folder in
      try AtomicFile.write("x", to: "/dev/null")
      var status = stat()
      #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
      try AtomicFile.write("old", to: folder + "/a")
      #expect(symlink("a", folder + "/b") == 0)
      try AtomicFile.write("new", to: folder + "/b")
      #expect(try String(contentsOfFile: folder + "/a", encoding: .utf8) == "new")
      #expect(lstat(folder + "/b", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "b"])
    }
  }

  /// A file written in pieces has no name until it is complete, and none if it never is.
  @Test func namesAFileThatIsWhole() throws {
    try inFolder { folder in
      let piece = [UInt8](repeating: 7, count: 40_000)
      var file: OutputFile? = try OutputFile(folder + "/a")
      for _ in 0..<5 { try file!.write(piece) }
      #expect(!FileManager.default.fileExists(atPath: folder + "/a"))
      try file!.write("z")
      try file!.finish()
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder + "/a"))
          == Data([UInt8](repeating: 7, count: 200_000) + [0x7a]))
      file = try OutputFile(folder + "/b")
      try file!.write(piece + piece)
      file = nil
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  private func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func thrown(_ body: () throws(ReportError) -> Void) -> ReportError? {
    do throws(ReportError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
