import ArgumentParser
import Devices
import Plans
import Reports
import Training

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Repeats a step of training or validation that was not finite, to find the cause.",
    discussion: """
      A run stops if a loss or gradient is not finite, and writes that step, or that batch of the validation, \
      to a file: the state before it and its examples. The file needs neither the data nor the rest of the run. The replay computes the step \
      op by op, and shows the first tensor that is not finite and the likely cause. A replay on another \
      device shows whether the device is the cause.

        aegpu replay runs/mine/replay-step-12.safetensors
        aegpu replay runs/mine/replay-step-12.safetensors --device 0
      """)

  @Argument(
    help: ArgumentHelp(
      "replay-step-N.safetensors or replay-validation-N.safetensors of a run.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var path: String

  @Option(
    help: ArgumentHelp(
      "Device: an index from list-devices, cpu, or auto. (default: cpu)", valueName: "n|cpu|auto"))
  var device = DeviceChoice.native

  @Option(help: "Output format: text or json.")
  var format = OutputFormat.text

  func run() throws {
    let saved = try SavedStep(path: path)
    let backend = try device.open(for: saved.recipe)
    let report = Report(saved, try saved.replay(on: backend), on: backend.device)
    switch format {
    case .json: try Console.print(report.jsonText())
    case .text: try Console.print(report.text)
    }
  }

  private struct Report: Encodable {
    let step: Int
    /// Counted from 0; `nil` for a training step.
    let validationBatch: Int?
    let trainedOn: String
    let device: String
    let rows: [Int]
    /// By name, without losses that are not finite.
    let losses: [String: Double]
    let isFinite: Bool
    let firstNonFinite: String?
    let rowsOfFirst: [Int]?
    let largestExample: Double
    let largestWeight: Double
    let largestGradient: Double?
    let likelyCause: String?
    private let lossText: String

    private enum CodingKeys: CodingKey {
      case step, validationBatch, trainedOn, device, rows, losses
      case isFinite, firstNonFinite, rowsOfFirst
      case largestExample, largestWeight, largestGradient, likelyCause
    }

    init(_ saved: SavedStep, _ outcome: StepReplay.Outcome, on device: DeviceInformation) {
      let facts = saved.recorded.facts
      (step, trainedOn, rows) = (facts.step, facts.device, facts.rows)
      validationBatch = facts.validationBatch
      self.device = device.name
      lossText = outcome.loss.text
      let all = [("loss", outcome.loss.loss)] + outcome.loss.parts.map { ($0.name, $0.value) }
      losses = Dictionary(all.filter(\.1.isFinite)) { first, _ in first }
      isFinite = outcome.phase == nil && outcome.first == nil
      firstNonFinite = outcome.firstText
      rowsOfFirst = outcome.first?.rows
      largestExample = outcome.sizes.examples
      largestWeight = outcome.sizes.weights
      largestGradient = outcome.sizes.gradients
      likelyCause =
        isFinite ? nil : "\(FaultCause(outcome, saved.recipe))"
    }

    var text: String {
      var rows = [
        (
          "step",
          (validationBatch.map { "validation, batch \(Numbers.grouped($0 + 1)), after step " } ?? "")
            + "\(Numbers.grouped(step)), trained on \(trainedOn)"
        ),
        ("device", device),
        (
          "examples",
          "\(Numbers.grouped(self.rows.count)), values up to \(Numbers.plain(largestExample))"
        ),
        ("loss", lossText), ("weights", "up to \(Numbers.plain(largestWeight))"),
      ]
      if let largestGradient {
        rows.append(
          (
            "gradients",
            "up to \(Numbers.plain(largestGradient)), without those that are not finite"
          ))
      }
      rows.append(
        (
          "not finite",
          firstNonFinite.map { "first in \($0)" }
            ?? (isFinite ? "nothing" : "in the fused computation; nothing op by op")
        ))
      if let likelyCause { rows.append(("cause", likelyCause)) }
      let width = rows.map(\.0.count).max()!
      return rows.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }
        .joined(separator: "\n")
    }
  }
}
