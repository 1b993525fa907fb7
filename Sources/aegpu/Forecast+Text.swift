import Benchmarks
import Datasets
import Reports

extension Forecast: CustomStringConvertible {
  /// A line for each fact.
  public var description: String {
    let size = AvailableMemory.text
    let milliseconds = Numbers.plain((secondsPerStep * 1e6).rounded() / 1e3)
    func time(_ seconds: Double) -> String {
      seconds < 100
        ? "\(Numbers.plain((seconds * 100).rounded() / 100)) s" : Numbers.duration(seconds: seconds)
    }
    let validation =
      validationSeconds > 0 ? ", validation \(time(validationSeconds))" : ""
    let examples =
      bytesReadPerEpoch.map { "windows of the examples, of which each epoch reads \(size($0))" }
      ?? "all examples"
    return """
      device       \(device) (\(deviceName))
      an epoch     \(time(secondsPerEpoch)) (\(Numbers.grouped(stepsPerEpoch)) steps of \(milliseconds) ms\(validation))
      training     \(time(seconds)) for \(epochs) \(epochs == 1 ? "epoch" : "epochs"), without pictures
      on device    \(size(deviceBytes)), \(size(exampleBytes)) of them \(examples)
      on disk      \(size(diskBytes)) without pictures; a checkpoint has \(size(checkpointBytes))
      """
  }
}
