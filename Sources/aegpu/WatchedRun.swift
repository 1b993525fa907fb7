import RunReports
import Synchronization
import Training

/// The page of a run that trains, for `train --watch`.
///
/// The server starts before the device is opened. Otherwise its thread would be pinned to the CPU of the
/// training thread.
final class WatchedRun: Sendable {
  private let folder = Mutex<RunFolder?>(nil)

  /// Opens the port and prints the page's address.
  init(port: UInt16) throws {
    let server = try PageServer(port: port) { [self] in
      WatchPage(folder.withLock { $0 }).html
    }
    server.start()
    Program.complain("watch: \(server.address)")
  }

  /// Shows this run from now on, as its folder exists.
  func begin(_ folder: RunFolder) { self.folder.withLock { $0 = folder } }
}
