import Analyses
import Foundation
import Graphs
import Layers
import Recipes
import Reports
import Training

/// The model card: a page that describes the model, with the front matter that model hubs read.
/// https://huggingface.co/docs/hub/model-cards
extension ModelExport {
  func card() throws -> String {
    let record = try? RunRecord(saved)
    let environment = try? RunEnvironment(of: RunFolder(saved.folder))
    var sections = [try introduction(record)]
    sections.append(try training(record, environment))
    sections.append(judgement(record))
    sections.append(loading)
    sections.append(
      """
      ## Licence

      No licence is given. If you publish this model, choose one and name it at the top of this page \
      (`license: …`).
      """)
    return frontMatter(record) + sections.joined(separator: "\n\n") + "\n"
  }

  private func frontMatter(_ record: RunRecord?) -> String {
    var lines = [
      "---", "library_name: aegpu", "tags:", "- autoencoder", "- safetensors",
      "# license: none is given; choose one",
    ]
    let losses = record.map(reported) ?? []
    if let record, !losses.isEmpty {
      let data = record.data.quotedForYAML
      lines += [
        "model-index:", "- name: \(saved.recipe.name.quotedForYAML)", "  results:", "  - task:",
        "      type: feature-extraction", "    dataset:", "      name: \(data)",
        "      type: \(data)", "    metrics:",
      ]
      for loss in losses {
        lines += [
          "    - type: \(loss.name.quotedForYAML)",
          "      name: \((loss.name + ", " + loss.of).quotedForYAML)", "      value: \(loss.value)",
        ]
      }
    }
    return (lines + ["---", "", ""]).joined(separator: "\n")
  }

  /// The losses of the weights' epoch.
  private func reported(_ record: RunRecord) -> [(name: String, of: String, value: Double)] {
    let sets = [("validation", record.validation ?? [:]), ("training", record.training)]
    return sets.flatMap { set, values in
      values.sorted { ($0.key == "loss" ? 0 : 1, $0.key) < ($1.key == "loss" ? 0 : 1, $1.key) }
        .filter(\.value.isFinite).map { ($0.key, set, $0.value) }
    }
  }

  private func introduction(_ record: RunRecord?) throws -> String {
    let model = saved.recipe.model
    let code = try model.codeShape()
    let kind: String
    switch model.latent {
    case .deterministic: kind = "An autoencoder"
    case .variational: kind = "A variational autoencoder"
    case .codebook(let codebook): kind = "An autoencoder with a codebook of \(codebook.codes) codes"
    }
    var table = ["| layer | activation | output | tensors |", "|---|---|---|---|"]
    for row in try model.listing() {
      let tensors = row.tensors.map { "`\($0.name)` \(Shape($0.shape))" }.joined(separator: ", ")
      table.append(
        "| \(row.place): \(row.layer) | \(row.activation ?? "") | \(Shape(row.output)) | \(tensors) |"
      )
    }
    return """
      # \(saved.recipe.name)

      \(kind), trained by aegpu \(version) from examples \(model.input) to codes \(code), and back. Input: \
      \(inputDocumentation)

      \(table.joined(separator: "\n"))

      Everything is row-major float32. Dense weights are [inputs, outputs], convolution weights [window, \
      window, inputs, outputs], transposed convolution weights [window, window, outputs, inputs]; images are \
      [rows, columns, channels].
      """
  }

  private func training(
    _ record: RunRecord?, _ environment: RunEnvironment?
  ) throws -> String {
    var lines = ["## Training", ""]
    guard let record, let environment else {
      return (lines + ["Not known: the weights were exported without the record of their run."])
        .joined(separator: "\n")
    }
    let recipe = saved.recipe
    lines.append("- data: \(record.data)")
    for file in environment.data.first?.files ?? [] {
      let name = URL(fileURLWithPath: file.path).lastPathComponent
      lines.append("- file: `\(name)`, SHA-256 \(file.sha256)")
    }
    lines += [
      "- \(recipe.optimizer.name), learning rate \(recipe.learningRate), batch size "
        + "\(recipe.batchSize), seed \(recipe.seed); epoch \(record.epoch)",
      "- device: \(record.device)", "- started: \(environment.started.ISO8601Format())", "",
      "The command that repeats it, with aegpu \(environment.version):", "", "```sh",
      command(environment.commandLine), "```", "",
      "`config.json` has the whole recipe.",
    ]
    return lines.joined(separator: "\n")
  }

  private func command(_ words: [String]) -> String {
    let quoted = words.dropFirst().map { word in
      let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+@%".contains($0) }
      return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
    return (["aegpu"] + quoted).joined(separator: " ")
  }

  private func judgement(_ record: RunRecord?) -> String {
    guard let record else { return "## Evaluation\n\nNot known." }
    let convention = LossConvention(saved.recipe.model).description
    var lines = [
      "## Evaluation", "", "The loss is: \(convention). Validation data: \(record.judgedBy).", "",
      "| number | of | value |", "|---|---|---:|",
    ]
    for loss in reported(record) {
      lines.append("| \(loss.name) | \(loss.of) | \(Numbers.loss(loss.value)) |")
    }
    return lines.joined(separator: "\n")
  }

  private var loading: String {
    let model = saved.recipe.model
    guard let program = NumPyProgram(model, scaling: scaling) else {
      return """
        ## Use

        ```python
        from safetensors.numpy import load_file

        for name, tensor in load_file("model.safetensors").items():
            print(name, tensor.shape)
        ```

        `aegpu export model.safetensors --output model.onnx` makes a model for onnxruntime, and `aegpu \
        encode model.safetensors --data FILE --output codes.npy` encodes with it.
        """
    }
    return """
      ## Use

      `decode(encode(x))` reconstructs examples, `[N]` and then \(model.input), float32:

      ```python
      \(program.lines.joined(separator: "\n"))
      ```

      `aegpu export model.safetensors --output model.onnx` makes a model for onnxruntime, and `aegpu \
      encode model.safetensors --data FILE --output codes.npy` encodes with it.
      """
  }
}

extension String {
  /// As a quoted string, which is the same in JSON and YAML.
  fileprivate var quotedForYAML: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }
}
