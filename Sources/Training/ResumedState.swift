/// The newest state in a run's folder that can be read.
package struct ResumedState {
  /// `nil` where there is none: then a run begins anew.
  package private(set) var checkpoint: Checkpoint?
  /// The checkpoint's file.
  package private(set) var path: String?
  /// What could not be read, a sentence each.
  package private(set) var notes: [String] = []

  /// Epochs that are complete in it.
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
            "\(path) is of epoch \(found.epoch), where \(folder.metrics) ends with epoch \(lines)")
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
