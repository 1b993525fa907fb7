import ArgumentParser
import Datasets
import Devices
import Training

/// The run of a command, and the device that runs its model.
struct RunOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Run folder, a weights or checkpoint file in one, or last: the newest run under runs/."),
    completion: .runs)
  var run: String

  @OptionGroup var place: PlaceOptions
}

/// The device that runs a trained model, and the folder of its data.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Device: an index from list-devices, cpu, or auto (the fastest that tune measured, else a GPU, else cpu).",
      valueName: "n|cpu|auto"))
  var device = DeviceChoice.automatic

  @Option(
    help: ArgumentHelp("Folder to search for data sets before the usual ones.", valueName: "dir"))
  var dataDir: String?
}

/// The examples that a command processes.
struct ShownOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data in place of the run's: a name, a path, or - for CSV rows on standard input.",
      valueName: "name|path|-"), completion: .data)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Examples to use: test, train or all. (default: test, if the data have test examples or some were "
        + "held out for validation; else all)", valueName: "split"))
  var split: ShownExamples.Split?
}
