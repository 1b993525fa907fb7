import ArgumentParser
import Benchmarks
import Devices
import Plans
import Reports
import Training

struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Times each operation of a training step, and each kernel, on a device.",
    discussion: """
      Needs no data: the examples are random bytes. Times are medians over the timed steps. On an OpenCL \
      device they come from OpenCL events, and each operation has its own launch even if training fuses \
      launches; on cpu they come from a clock around each operation. The limit of an operation is \
      max(FLOPs / peak, bytes / bandwidth). Peak and bandwidth are measured in the same run: the peak on \
      large matrix products, the bandwidth on a sum of two long vectors. A value above 100 % of the limit \
      means that operands came from a cache. A kernel's FLOPs and bytes are those of the operations in \
      which it is the longest launch.
      """)

  @OptionGroup var options: RecipeOptions

  @Option(
    help: ArgumentHelp(
      "Device: an index from list-devices, cpu, or auto (the fastest that tune measured, else a GPU, else cpu).",
      valueName: "n|cpu|auto"))
  var device = DeviceChoice.automatic

  @Option(help: "Number of timed steps.")
  var runs = 20

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([("runs", runs)])
  }

  func run() throws {
    // Nothing may compile during a measurement.
    Helpers.end()
    let recipe = try options.document().onItsData(directory: nil).recipe()
    let profile = try Profile(recipe, runs: runs, BenchmarkSettings(), on: device.open(for: recipe))
    switch format {
    case .json: try Console.print(profile.jsonText())
    case .text: try Console.print(profile.text)
    }
  }
}

extension Profile {
  /// As `aegpu profile` prints it.
  fileprivate var text: String {
    var steps = TextTable([.number("step"), .text("op")] + Self.columns)
    for step in self.steps { steps.append(["\(step.step)", step.op] + step.cost.cells) }
    steps.append(["", "all"] + total.cells)
    var kernels = TextTable([.text("kernel")] + Self.columns)
    for kernel in self.kernels { kernels.append([kernel.kernel] + kernel.cost.cells) }
    kernels.append(["all"] + total.cells)
    return """
      a training step of \(recipe), batch \(batchSize), on device \(device) (\(deviceName)): \
      \(Numbers.short(secondsPerStep * 1e3)) ms in training, \
      \(Numbers.short(total.seconds * 1e3)) ms as \(total.launches) separate launches
      limits: \(Numbers.short(limits.floatingPointOperationsPerSecond * 1e-9)) GFLOP/s \
      (product \(limits.product)), \(Numbers.short(limits.bytesPerSecond * 1e-9)) GB/s (add)

      \(steps)

      \(kernels)
      """
  }

  private static var columns: [TextTable.Column] {
    [
      .number("launches"), .number("µs"), .number("of step"), .number("GFLOP/s"), .number("GB/s"),
      .number("of limit"),
    ]
  }
}

extension Profile.Cost {
  fileprivate var cells: [String] {
    [
      "\(launches)", Numbers.short(seconds * 1e6), Numbers.percent(shareOfTime),
      Numbers.short(floatingPointOperationsPerSecond * 1e-9), Numbers.short(bytesPerSecond * 1e-9),
      shareOfLimit.map(Numbers.percent) ?? "",
    ]
  }
}
