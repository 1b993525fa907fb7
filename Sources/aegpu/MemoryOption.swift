import ArgumentParser
import Datasets

/// The memory that a command may use.
struct MemoryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Memory that the process may use, such as 2GiB or 800MB. Data that do not fit stay in their files "
        + "(.npy, .safetensors, .h5, .idx) and are read as they are needed; a table's numbers are first "
        + "written to the cache folder. (default: what is free)",
      valueName: "size"))
  var memory: MemoryLimit?

  var limit: MemoryLimit { memory ?? .free }
}

extension MemoryLimit: ExpressibleByArgument {
  /// A number of bytes with a unit: `2GiB`, `1.5G`, `800MB`; K, M, G and T are powers of 1024.
  public init?(argument: String) {
    let number = argument.prefix { $0.isNumber || $0 == "." }
    let unit = argument.dropFirst(number.count).trimmingPrefix(" ").lowercased()
    let powers: [Character: Double] = ["k": 1, "m": 2, "g": 3, "t": 4]
    guard let count = Double(number), count > 0 else { return nil }
    var factor = 1.0
    if let first = unit.first, let power = powers[first] {
      switch unit.dropFirst() {
      case "", "ib": factor = (0..<Int(power)).reduce(1) { product, _ in product * 1024 }
      case "b": factor = (0..<Int(power)).reduce(1) { product, _ in product * 1000 }
      default: return nil
      }
    } else if !["", "b"].contains(unit) {
      return nil
    }
    guard count * factor < 1e18 else { return nil }
    self.init(byteCount: Int(count * factor))
  }
}
