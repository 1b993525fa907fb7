import AEGPU
import ArgumentParser
import Glibc
import Ranks
import Training

/// This process as one of several ranks that mpirun or srun started.
struct RankedProcess {
  let launch: RankLaunch
  let group: RankGroup

  /// Joins the other ranks.
  init(_ launch: RankLaunch, _ order: ExchangeOrder) throws {
    self.launch = launch
    do {
      group = RankGroup(
        try MPITransport(launch, order: order), patience: Self.patience,
        onWait: launch.place.isFirst ? Self.tell(waited:) : nil,
        wantsToStop: { Interruption.isRequested })
    } catch {
      throw launch.place.isFirst ? error : ExitCode(1)
    }
  }

  /// Tests alone set it.
  private static let patience = Duration.seconds(
    Program.variable("AEGPU_TEST_PATIENCE").flatMap { Double($0) } ?? 60)

  private static func tell(waited seconds: Int) {
    Program.complain(
      "train: rank 0 has waited \(seconds) s for the other ranks; if a machine or the network is down, "
        + "end this with Ctrl-C, and continue with aegpu train --resume")
  }

  /// How a launcher started this process; `nil` if it was started alone.
  static let launch = RankLaunch(environment: Program.variable)

  /// Whether it is a rank other than the first, which prints nothing.
  static var isOther: Bool { launch?.place.isFirst == false }

  var isFirst: Bool { group.place.isFirst }

  /// Runs what each rank does by itself. If it fails on some, the first of these tells why, and all
  /// ranks end.
  func apart<Result>(_ body: () throws -> Result) throws -> Result {
    let result = Swift.Result { try body() }
    let failed: UInt64 = if case .failure = result { 1 } else { 0 }
    guard let first = group.gather(failed).firstIndex(of: 1) else { return try result.get() }
    guard first == group.place.rank, case .failure(let error) = result else { throw leaving(1) }
    if isFirst { throw leaving(Program.tell(error)) }
    complain(error)
    throw leaving(1)
  }

  /// Throws if a rank would train another run than the first.
  func expectSameRun(_ prepared: PreparedTraining) throws {
    if let rank = group.firstToDiffer(by: prepared.digest) {
      throw RankError.different(what: "recipe and data", rank: rank)
    }
  }

  /// Runs the training. An error that all ranks find is told by the first of them; any other ends all
  /// ranks at once, as these wait for this one.
  func together(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as ExitCode {
      throw leaving(error.rawValue)
    } catch  where error.isSameOnAllRanks || error is SharedFailure {
      throw leaving(isFirst ? Program.tell(error) : 1)
    } catch {
      complain(error)
      Self.waitForLauncher()
      group.abort(1)
    }
    group.leave(0)
  }

  private func complain(_ error: any Error) {
    Program.complainFromAnyRank("rank \(group.place.rank): \(error)")
  }

  /// Leaves the other ranks, after all that is to be told: the launcher ends all that are left as soon
  /// as one has failed.
  private func leaving(_ code: Int32) -> ExitCode {
    group.leave(code)
    return ExitCode(code)
  }

  /// To be called between the last message and a failing exit: launchers pass on what ranks print, but
  /// drop the last of it if a rank fails right afterwards; then they end the other ranks by a signal,
  /// which these have nothing to say about.
  static func waitForLauncher() {
    guard launch != nil else { return }
    for signal in [SIGINT, SIGTERM, SIGHUP] { Glibc.signal(signal, SIG_IGN) }
    usleep(300_000)
  }
}

/// An error that all ranks have found, with what the first one did about it.
struct SharedFailure: Error, CustomStringConvertible {
  let error: any Error
  var description: String { "\(error)" }
}
