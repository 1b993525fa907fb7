import ArgumentParser
import Devices
import Doctor
import OpenCLBackend
import Plans
import Recipes
import Training

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Checks that a device computes right, and that the machine lets it.",
    discussion: """
      Every launch of a training step and of an evaluation is run on the device and compared with what the \
      reference backend or cpu makes of the same numbers: of one recipe, or of the ten classic ones. What \
      is wrong is named with the kernel, the expected and the received value, and exits 1; where another \
      way to compute it is right, trainings take that from then on.

      Then drivers, permissions, folders, libraries, clocks and memory, each with a remedy where something \
      is wrong.
      """)

  @Argument(
    help: ArgumentHelp(
      "Name of a recipe, path of a .yaml file, a run's folder, or last. (default: the ten classic recipes)",
      valueName: "recipe|run"), completion: .recipes)
  var subject: String?

  @Option(
    help: ArgumentHelp(
      "The device that is checked; as for train.", valueName: "n|cpu|auto"))
  var device = DeviceChoice.automatic

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    if !DoctorProcess.isHere, device != .native, let code = try DoctorProcess.run() { throw code }
    let isHealthy: Bool
    do {
      isHealthy = try examine()
    } catch {
      try DoctorProcess.end()
      throw error
    }
    try DoctorProcess.end()
    if !isHealthy { throw ExitCode.failure }
  }

  /// - Returns: whether nothing is wrong.
  private func examine() throws -> Bool {
    let subjects =
      try subject.map { [try DoctorSubject(named: $0)] }
      ?? DoctorSubject.classics.map { try DoctorSubject(classic: $0) }
    for note in subjects.compactMap(\.note) { Program.complain(note) }
    var opened = try device.open(for: subjects[0].recipe)
    let information = opened.device
    var results: [Checkup.Result] = []
    var findings = machineFindings()
    let checkup = Checkup(Program.devices.folder)
    for (place, subject) in subjects.enumerated() {
      // What one recipe had set aside is nothing to the next.
      if place > 0 { opened = try device.open(for: subject.recipe) }
      try DoctorProcess.begin(
        subject.recipe.name, on: "\(information.identifier) (\(information.name))")
      findings += MemoryNeed(subject.plans).findings(of: subject.recipe.name, on: information)
      results.append(try checkup.run(subject.recipe, subject.plans, on: opened))
    }
    let report = DoctorReport(device: information, recipes: results, findings: findings)
    switch format {
    case .text: try Console.print(report)
    case .json: try Console.print(report.jsonText())
    }
    return report.isHealthy
  }

  private func machineFindings() -> [Finding] {
    let machine = Machine { Program.variable($0) }
    let (devices, faults) = Program.devices.drivers()
    return machine.driverFindings(devices, faults: faults) + machine.permissionFindings()
      + machine.folderFindings(hasPoCL: devices.contains { $0.version.contains("PoCL") })
      + LibraryFindings.findings(ofFile: devices.isEmpty ? nil : OpenCLBackend.libraryFile)
      + machine.speedFindings()
  }
}
