import Graphs
import Layers
import Plans

/// The state of a run between two steps: together with recipe, data and device, all that is needed
/// to resume it with the same bits.
///
/// In its file, the weights have their own names; `moment.<phase>.<i>.<name>` are those of a
/// phase's optimizer (`training` for a single phase; `moment.<i>.<name>` in files of format 1),
/// `best.<name>` those of the best epoch for early stopping, and `losses` is the log of the current
/// epoch's steps, `[steps, parts]`. Counters and seed are metadata.
package struct Checkpoint: Hashable, Sendable {
  package let weights: Weights
  package let moments: [Moments]
  /// Epochs that are complete.
  package let epoch: Int
  /// Steps since the beginning of the run.
  package let step: Int
  /// Completed steps of the current epoch; 0 between epochs, all steps if only its validation is
  /// missing.
  package let epochStep: Int
  /// The log of those steps, one row per step.
  package let losses: [Double]
  package let seed: UInt64
  /// The best epoch for early stopping; `nil` without early stopping.
  package let best: BestEpoch?

  /// The epoch number in its file's name: the epoch in progress, or the last completed one.
  package var fileEpoch: Int { epochStep == 0 ? max(epoch, 1) : epoch + 1 }

  /// - Parameter texts: further metadata, such as the recipe.
  package func file(_ texts: [String: String]) -> Safetensors {
    var tensors = weights.tensors()
    for phase in moments {
      for (index, moment) in phase.values.enumerated() {
        tensors += moment.tensors(prefix: Self.momentPrefix(phase.name, index, format: 2))
      }
    }
    tensors += best?.weights.tensors(prefix: "best.") ?? []
    if epochStep > 0 {
      tensors.append(
        Safetensors.Tensor(
          name: "losses", shape: [epochStep, losses.count / epochStep],
          values: losses.map(Float.init)))
    }
    var metadata = texts
    metadata["epoch"] = String(epoch)
    metadata["step"] = String(step)
    metadata["epochStep"] = String(epochStep)
    metadata["seed"] = String(seed)
    if let best {
      metadata["bestEpoch"] = String(best.epoch)
      metadata["bestLoss"] = String(best.loss)
    }
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  /// Reads a checkpoint back.
  /// - Parameters:
  /// - store: the store layout of the run.
  ///   - path: for errors.
  package init(
    _ file: Safetensors, store: StoreLayout, path: String
  ) throws(TrainingError) {
    let (layout, stateLayout) = (store.parameters, store.state)
    func counter(_ name: String) throws(TrainingError) -> UInt64 {
      guard let text = file.metadata[name], let number = UInt64(text) else {
        throw .safetensors(
          path: path, expected: "a checkpoint, which has the number \(name) in its metadata",
          received: file.metadata[name] ?? "none")
      }
      return number
    }
    epoch = Int(try counter("epoch"))
    step = Int(try counter("step"))
    epochStep = Int(try counter("epochStep"))
    seed = try counter("seed")
    losses = file["losses"]?.values.map(Double.init) ?? []

    /// The tensors whose names begin with this prefix, without the prefix.
    func named(_ prefix: String) -> Safetensors {
      Safetensors(
        tensors: file.tensors.filter { $0.name.hasPrefix(prefix) }.map {
          Safetensors.Tensor(
            name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values)
        })
    }
    let format = file.metadata["format"] == "aegpu 1" ? 1 : 2
    var moments: [Moments] = []
    for group in store.groups {
      var values: [Weights] = []
      for index in 0..<group.momentCount {
        let moment = named(Self.momentPrefix(group.name, index, format: format))
        values.append(try Weights(moment, layout: layout.part(group.range), path: path))
      }
      moments.append(Moments(name: group.name, values: values))
    }
    self.moments = moments
    if file.metadata["bestEpoch"] == nil {
      best = nil
    } else {
      best = BestEpoch(
        epoch: Int(try counter("bestEpoch")), loss: Double(file.metadata["bestLoss"] ?? "") ?? .nan,
        weights: try Weights(
          named("best."), layout: layout, stateLayout: stateLayout, path: path))
    }
    weights = try Weights(
      file.weightsAlone, layout: layout, stateLayout: stateLayout, path: path)
  }

  /// The moments of one phase's optimizer.
  package struct Moments: Hashable, Sendable {
    /// The phase's name.
    package let name: String
    package let values: [Weights]
  }

  private static func momentPrefix(_ phase: String, _ index: Int, format: Int) -> String {
    format == 1 ? "moment.\(index)." : "moment.\(phase).\(index)."
  }

  init(
    weights: Weights, moments: [Moments], epoch: Int, step: Int, epochStep: Int, losses: [Double],
    seed: UInt64, best: BestEpoch?
  ) {
    self.weights = weights
    self.moments = moments
    self.epoch = epoch
    self.step = step
    self.epochStep = epochStep
    self.losses = losses
    self.seed = seed
    self.best = best
  }
}

extension Safetensors {
  /// Only the weights of a checkpoint or weights file, with its metadata.
  package var weightsAlone: Safetensors {
    let own = tensors.filter { tensor in
      tensor.name != "losses"
        && !["moment.", "best.", RecordedStep.prefix].contains { tensor.name.hasPrefix($0) }
    }
    return Safetensors(tensors: own, metadata: metadata)
  }
}
