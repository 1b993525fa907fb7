import ArgumentParser
import Benchmarks
import Devices
import Foundation
import Subprocesses

/// What a process of `bench` measures.
enum BenchPart: String, CaseIterable, ExpressibleByArgument {
  /// Its result is a `FirstStep`.
  case firstStep
  /// Its result is a `BenchmarkRow`.
  case windows

  /// Measures in a separate process, which reads the results of `tune` even if the drivers' caches are
  /// moved.
  /// - Parameters:
  ///   - arguments: those of `bench`, without the part.
  ///   - environment: environment variables of that process.
  func measure<Result: Decodable>(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    let own = Program.devices.folder.map { ["AEGPU_CACHE_DIR": $0.cache] } ?? [:]
    let outcome: Subprocess.Result
    do throws(Subprocess.Failure) {
      outcome = try Subprocess.run(
        Program.again, arguments + ["--part", rawValue, "--since", "\(FirstStep.now)"],
        environment: environment.merging(own) { $1 }, watch: Interruption.ends)
    } catch {
      throw Self.notStarted(error)
    }
    guard !Interruption.isRequested else { throw Interrupted() }
    guard outcome.status == 0 else {
      let sentence = outcome.errors.split(separator: "\n").last.map(String.init) ?? ""
      // With another status, its last line may have nothing to do with the failure.
      let isOwn = [1, 64].contains(outcome.status) && sentence.hasPrefix("aegpu: ")
      throw Failure(
        isOwn
          ? String(sentence.dropFirst("aegpu: ".count))
          : "bench: expected the measuring process to end with status 0, received status \(outcome.status)"
            + (sentence.isEmpty ? "" : " and: \(sentence)"))
    }
    return try JSONDecoder().decode(Result.self, from: Data(outcome.output))
  }

  private static func notStarted(_ failure: Subprocess.Failure) -> Failure {
    let (program, reason) =
      switch failure {
      case .notFound(let program): (program, "no such file")
      case .notStarted(let program, let reason): (program, reason)
      }
    return Failure(
      "bench: expected to start the program again as \(program), received \(reason); unset "
        + "AEGPU_LAUNCHER or set it to the path of the program")
  }
}
