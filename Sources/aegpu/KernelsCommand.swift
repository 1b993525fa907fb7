import ArgumentParser
import OpenCLBackend
import Plans
import Recipes
import Reports
import Training

/// Writes programs that GPU compilers can build without a GPU: see Tools/offline-gpus.
struct KernelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Writes the OpenCL programs of all recipes for GPUs.",
    shouldDisplay: false)

  @Argument(help: "Output folder.")
  var folder: String

  @Option(help: "Work-items per work-group.")
  var local = 256

  private struct Entry: Encodable {
    let program: String
    let file: String
    let options: String
    let kernels: [String: Int]
    let recipes: [String]
  }

  func run() throws {
    var recipes: [OfflineProgram: Set<String>] = [:]
    for name in RecipeLibrary.names {
      let recipe = try MeasuredRecipe(name, [], batchSize: nil).recipe
      let plans = try RunPlans(withoutData: recipe)
      for plan in plans.all {
        for program in OfflineProgram.all(for: plan, plans.store, local: local) {
          recipes[program, default: []].insert(name)
        }
      }
    }
    try OutputFolder(folder)
    let sorted = recipes.sorted { ($0.key.file, $0.key.options) < ($1.key.file, $1.key.options) }
    let entries = try sorted.enumerated().map { number, item in
      let (program, recipes) = item
      let name = "\(program.file)-\(number).cl"
      try AtomicFile.write(program.text, to: "\(folder)/\(name)")
      return Entry(
        program: name, file: program.file, options: program.options, kernels: program.kernels,
        recipes: recipes.sorted())
    }
    try AtomicFile.write(entries.jsonText(), to: "\(folder)/programs.json")
    Program.note(Numbers.counted(entries.count, "program"), in: folder)
  }
}
