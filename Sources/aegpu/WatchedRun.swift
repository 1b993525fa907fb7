import RunReports
import Synchronization
import Training

/// The page of a run that trains, for `train --watch`.
///
/// It is served from before the device is opened, so that its thread is not tied to the CPU of the one
/// that trains.
final class WatchedRun: Sendable {
  private let folder = Mutex<RunFolder?>(nil)

  /// Takes the port and says where the page is.
  init(port: UInt16) throws {
    let server = try PageServer(port: port) { [self] in
      WatchPage(folder.withLock { $0 }).html
    }
    server.start()
    Program.complain("watch: \(server.address)")
  }

  /// The run's folder is there.
  func begin(_ folder: RunFolder) { self.folder.withLock { $0 = folder } }
}
