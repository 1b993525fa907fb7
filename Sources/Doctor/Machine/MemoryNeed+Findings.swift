import Datasets
import Plans
import Training

extension MemoryNeed {
  /// What is wrong where it does not fit.
  package func findings(
    of recipe: String, on device: DeviceInformation
  ) -> [Finding] {
    let free = device.hasMemoryOfHost ? AvailableMemory.byteCount : device.globalMemoryBytes
    let text = AvailableMemory.text
    if byteCount > free {
      return [
        Finding(
          .fault, "\(recipe) takes \(text(byteCount)), and \(text(free)) are free",
          remedy: "take a smaller batch (--batch-size) or fewer examples (--limit), or end other "
            + "programs")
      ]
    }
    guard largestByteCount > device.largestAllocationBytes else { return [] }
    return [
      Finding(
        .fault,
        "\(recipe) takes \(text(largestByteCount)) in one piece, and the device gives at most "
          + text(device.largestAllocationBytes),
        remedy: "take a smaller batch (--batch-size) or fewer examples (--limit)")
    ]
  }
}
