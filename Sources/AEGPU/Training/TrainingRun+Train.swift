import Foundation
import Plans
import Ranks
import Training

extension TrainingRun {
  /// Trains to the end and writes the results to the folder.
  ///
  /// - Parameters:
  ///   - logSteps: the number of steps between two lines of `steps.jsonl`; `nil`: no lines.
  ///   - tensorBoard: whether to also write losses, pictures and codes for TensorBoard, to
  ///     `tensorboard/`.
  ///   - progress: receives events; an error that it throws ends the training.
  ///   - shouldStop: checked before each step; if it returns true, the state is kept, and the run
  ///     can be resumed from it.
  /// - Returns: the trained model, of the last epoch, or of the best epoch if the recipe has early
  ///   stopping; for a stopped run, the model so far.
  /// - Throws: if the device fails, the loss is not finite, or the folder cannot be written. The
  ///   last good state is kept, and the error names it.
  public func train(
    logSteps: Int? = nil, tensorBoard: Bool = false,
    progress: (TrainingProgress) throws -> Void = { _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) throws(AutoencoderError) -> Autoencoder {
    try telling {
      _ = try follow(logSteps: logSteps, tensorBoard: tensorBoard, shouldStop: shouldStop) {
        if let told = TrainingProgress($0) { try progress(told) }
      }
      return try Autoencoder(
        Autoencoder.Content(named: folder, directory: nil), on: prepared.backend)
    }
  }

  /// The outcome of a run.
  package struct Outcome {
    /// The file of its last state.
    package let keptIn: String?
    package let isInterrupted: Bool
    package let pictures: [String]
    /// The epochs after which pictures were drawn.
    package let pictureEpochs: [Int]
    package let quality: RunQuality?
    /// Files that could not be written, which did not end the run.
    package let notes: [String]
  }

  /// Trains as a rank other than the first, which writes nothing.
  /// - Returns: whether it was interrupted.
  package func trainBesideFirst(shouldStop: @escaping () -> Bool) throws -> Bool {
    _ = try prepared.trainer.run(shouldStop: shouldStop) { _ in }
    return shouldStop()
  }

  /// Trains, records the events, and passes each event on before it is recorded.
  /// - Throws: the error that ended the run, with the file of the last good state.
  package func follow(
    logSteps: Int?, tensorBoard: Bool, shouldStop: @escaping () -> Bool,
    event tell: (TrainingEvent) throws -> Void
  ) throws -> Outcome {
    let recorder = try open()
    defer { end() }
    let (trainer, data) = (prepared.trainer, prepared.data)
    var gallery = GalleryRecorder(recorder.folder, trainer, data, shouldStop: shouldStop)
    trainer.logSteps = logSteps
    var steps = logSteps.map { _ in StepLog(recorder.folder, after: trainer.step) }
    defer { steps?.close() }
    var board =
      tensorBoard
      ? TensorBoardRecorder(recorder.folder, trainer, data, shouldStop: shouldStop) : nil
    let ending: Trainer.Ending
    let isInterrupted: Bool
    do {
      ending = try trainer.run(shouldStop: shouldStop) { event in
        try tell(event)
        try recorder.record(event)
        gallery.record(event)
        steps?.record(event)
        board?.record(event)
      }
      // Read once: if a signal comes later, the run is already done.
      isInterrupted = shouldStop()
      try recorder.end(isInterrupted ? .interrupted : .finished)
    } catch {
      endsOnAllRanks = error.isSameOnAllRanks
      throw failure(error, of: recorder)
    }
    return Outcome(
      keptIn: ending == .finished ? recorder.folder.weights : recorder.checkpoint,
      isInterrupted: isInterrupted, pictures: gallery.pictures,
      pictureEpochs: gallery.pictureEpochs, quality: gallery.quality,
      notes: recorder.notes + gallery.notes + [steps?.note].compactMap(\.self)
        + (board?.notes ?? []))
  }

  /// Keeps the last good state of a failed run, and adds its file to the error.
  private func failure(_ error: any Error, of recorder: RunRecorder) -> any Error {
    try? recorder.end(.failed)
    guard let kept = recorder.checkpoint else { return error }
    guard let error = error as? TrainingError, error.isDivergence else {
      return AutoencoderError("\(error); the last state is kept in \(kept)")
    }
    let epoch = try? recorder.keepWeights()
    return AutoencoderError(
      "\(error)" + (recorder.replay.map { "; aegpu replay \($0) repeats it" } ?? "")
        + "; the last good weights are kept in \(kept)"
        + (epoch.map { ", those of epoch \($0) in \(recorder.folder.weights)" } ?? ""))
  }
}

extension Error {
  /// Whether all ranks find this error after the same step.
  package var isSameOnAllRanks: Bool {
    self is RankError || (self as? TrainingError)?.isDivergence == true
  }
}

extension TrainingError {
  fileprivate var isDivergence: Bool {
    switch self {
    case .diverged, .validationDiverged: true
    default: false
    }
  }
}
