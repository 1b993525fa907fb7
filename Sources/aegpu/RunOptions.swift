import ArgumentParser
import Datasets
import Devices
import Training

/// The run of a command, and the device that it is asked on.
struct RunOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A run's folder, a weights or checkpoint file in one, or last: the newest run under runs/."),
    completion: .runs)
  var run: String

  @OptionGroup var place: PlaceOptions
}

/// The device that a trained model is asked on, and where its data are.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A number of list-devices, cpu, or auto: what tune timed as fastest, else a GPU, else cpu.",
      valueName: "n|cpu|auto"))
  var device = DeviceChoice.automatic

  @Option(help: ArgumentHelp("Where data sets are looked for first.", valueName: "dir"))
  var dataDir: String?
}

/// The examples that a command is about.
struct ShownOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Other data than the run's: a name, a path, or - for CSV rows on standard input.",
      valueName: "name|path|-"), completion: .data)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Which examples: test, train or all. (default: test, where the data have some or some were "
        + "held out for validation; else all)", valueName: "split"))
  var split: ShownExamples.Split?
}
