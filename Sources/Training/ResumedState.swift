/// The newest readable state in a run folder.
package struct ResumedState {
  /// `nil` if there is none: then the run starts from the beginning.
  package private(set) var checkpoint: Checkpoint?
  /// The checkpoint's file.
  package private(set) var path: String?
  /// Files that could not be read, one sentence each.
  package private(set) var notes: [String] = []

  /// The number of completed epochs.
  package var epoch: Int { checkpoint?.epoch ?? 0 }

  package init(_ folder: RunFolder, _ plans: RunPlans) {
    let lines = folder.metricsLines().count
    for epoch in folder.checkpointEpochs() {
      let path = folder.checkpoint(ofEpoch: epoch)
      do throws(TrainingError) {
        let found = try Checkpoint(
          Safetensors(path: path), store: plans.store, path: path)
        guard found.epoch <= lines else {
          notes.append(
            "\(path) is of epoch \(found.epoch), but \(folder.metrics) ends with epoch \(lines)")
          continue
        }
        checkpoint = found
        self.path = path
        return
      } catch {
        notes.append("\(error)")
      }
    }
  }
}
