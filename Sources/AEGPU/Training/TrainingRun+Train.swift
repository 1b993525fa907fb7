import Foundation
import Plans
import Training

extension TrainingRun {
  /// Trains to the end and keeps what comes of it in the folder.
  ///
  /// - Parameters:
  ///   - logSteps: after how many steps each a line is added to `steps.jsonl`; `nil`: none is.
  ///   - tensorBoard: whether losses, pictures and codes are written for TensorBoard, too, in `tensorboard/`.
  ///   - progress: told how it goes; what it throws ends the training.
  ///   - shouldStop: asked before each step; where it says true the state is kept, and a run that resumes
  ///     goes on from there.
  /// - Returns: the trained model: of the last epoch, or of the best where the recipe stops early; of a run
  ///   that was stopped, as it is then.
  /// - Throws: where the device fails, the loss is no longer a number, or the folder cannot be written. The
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

  /// What came of a run.
  package struct Outcome {
    /// Where its last state is kept.
    package let keptIn: String?
    package let isInterrupted: Bool
    package let pictures: [String]
    /// The epochs after which pictures were drawn.
    package let pictureEpochs: [Int]
    package let quality: RunQuality?
    /// What could not be written, and ended no run.
    package let notes: [String]
  }

  /// Trains, records, and tells every event before it is recorded.
  /// - Throws: what ended it, with where the last good state is kept.
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
      // Once: a stop that is asked for later finds a run that is done.
      isInterrupted = shouldStop()
      try recorder.end(isInterrupted ? .interrupted : .finished)
    } catch {
      throw failure(error, of: recorder)
    }
    return Outcome(
      keptIn: ending == .finished ? recorder.folder.weights : recorder.checkpoint,
      isInterrupted: isInterrupted, pictures: gallery.pictures,
      pictureEpochs: gallery.pictureEpochs, quality: gallery.quality,
      notes: recorder.notes + gallery.notes + [steps?.note].compactMap(\.self)
        + (board?.notes ?? []))
  }

  /// What a run that failed says, once what is good of it is kept.
  private func failure(_ error: any Error, of recorder: RunRecorder) -> any Error {
    try? recorder.end(.failed)
    guard let kept = recorder.checkpoint else { return error }
    guard let error = error as? TrainingError, error.isDivergence else {
      return AutoencoderError("\(error); the last state that is kept is \(kept)")
    }
    let epoch = try? recorder.keepWeights()
    return AutoencoderError(
      "\(error)" + (recorder.replay.map { "; aegpu replay \($0) repeats the step" } ?? "")
        + "; the weights from before are kept in \(kept)"
        + (epoch.map { ", those of epoch \($0) in \(recorder.folder.weights)" } ?? ""))
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
