import ArgumentParser
import Benchmarks
import Devices
import Foundation
import Graphs
import Layers
import Plans
import Ranks
import Recipes
import Training

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract:
      "Prints the operations of a training step, with shapes, FLOPs, bytes and memory slots.",
    discussion: """
      Needs no device and no data: the plan is made for one batch of bytes, or of windows of a series. \
      With --device, the plan is prepared on that device as for training, and its launches are listed: \
      the steps that each launch computes, its kernels and its queue.

      With --predict, the data are read, some steps are trained on the device (default: auto), and what the \
      whole training will take is printed instead: seconds, bytes on the device and on disk.
      """
  )

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case training, evaluation, reconstruction, sampling
  }

  @OptionGroup var options: RecipeOptions

  @Option(help: "Plan to print: training, evaluation, reconstruction or sampling.")
  var plan = Kind.training

  @Option(
    help: ArgumentHelp(
      "Also list the launches on this device; values as for train.", valueName: "n|cpu|auto"))
  var device: DeviceChoice?

  @Option(
    help: ArgumentHelp(
      "Print the plan of the first of n ranks that train together. (default: those that mpirun or srun started)",
      valueName: "n"))
  var ranks: Int?

  @Flag(help: "Print how long training will take, and its bytes on device and disk, instead.")
  var predict = false

  @OptionGroup var memory: MemoryOption

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    try RecipeOptions.expectCounts([("ranks", ranks)])
    guard predict || memory.memory == nil else {
      throw ValidationError("--memory: expected --predict, too, received none")
    }
    guard !predict || ranks == nil else {
      throw ValidationError("--predict: expected no --ranks, as only one process is measured")
    }
  }

  func run() throws {
    guard !RankedProcess.isOther else { return }
    guard !predict else { return try printForecast() }
    let recipe = try options.document().onItsData(directory: nil).recipe()
    let count = ranks ?? RankedProcess.launch?.place.count ?? 1
    let place = count > 1 ? RankPlace(rank: 0, count: count) : nil
    let plans = try RunPlans(withoutData: recipe, of: place)
    let found: [Plan] =
      switch plan {
      case .training: plans.training.phases.map(\.full)
      case .evaluation: [plans.evaluation?.full].compactMap(\.self)
      case .reconstruction: [plans.pictures.reconstruction?.plan].compactMap(\.self)
      case .sampling: [plans.pictures.sampling].compactMap(\.self)
      }
    guard !found.isEmpty else {
      throw Failure(
        "--plan: expected a plan that the recipe has, received \(plan.rawValue), which "
          + "\(recipe.name) does not have; set pictures.\(plan == .sampling ? "samples" : "reconstructions") above 0"
      )
    }
    let store = try device.map { device in
      let backend = try device.open(for: recipe)
      // Nothing is run, so that nothing is exchanged.
      backend.exchange = place.map { RankGroup(Alone($0)) }
      return try backend.makeStore(plans.store)
    }
    let listings = try found.map { plan in
      PlanListing(
        plan, recipe: recipe.name, parameters: plans.store.parameters,
        launches: try store?.prepare(plan).launches)
    }
    switch format {
    // One object for one plan; a list if a step has several phases.
    case .json:
      try Console.print(listings.count == 1 ? listings[0].jsonText() : listings.jsonText())
    case .text:
      try Console.print(listings.map(\.description).joined(separator: "\n\n"))
    }
  }

  private func printForecast() throws {
    let input = try RunInput(options.document(), directory: nil, memory: memory.limit)
    let backend = try (device ?? .automatic).open(for: input.recipe)
    let forecast = try Forecast(input.recipe, input.data, on: backend, memory: memory.limit)
    switch format {
    case .json: try Console.print(forecast.jsonText())
    case .text:
      try Console.print("\(input.data.summary[0])\n\n\(forecast)")
    }
  }
}

/// A rank without others, whose plans are only listed.
private final class Alone: Transport {
  let place: RankPlace

  init(_ place: RankPlace) { self.place = place }

  func sum(_ values: UnsafeMutableBufferPointer<Float>) {}
  func leave(_ code: Int32) {}
  func abort(_ code: Int32) -> Never { Foundation.exit(code) }
}
