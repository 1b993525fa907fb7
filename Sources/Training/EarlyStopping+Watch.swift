import Recipes

extension Recipe.EarlyStopping {
  /// The validation losses of a run so far, for early stopping.
  struct Watch {
    private let settings: Recipe.EarlyStopping
    /// The epoch with the lowest loss, and its weights.
    private(set) var best: BestEpoch?
    /// Epochs since the last improvement by more than `minimumDelta`.
    private var waited = 0

    init(_ settings: Recipe.EarlyStopping) { self.settings = settings }

    /// Resumes after `epoch`; every epoch since the best one counts as without improvement.
    mutating func restore(best: BestEpoch?, epoch: Int) {
      self.best = best
      waited = epoch - (best?.epoch ?? epoch)
    }

    /// Whether training must stop.
    var stops: Bool { waited >= settings.patience }

    /// Adds an epoch.
    /// - Parameter weights: its weights; only read if it is the best epoch.
    mutating func note(
      epoch: Int, loss: Double, weights: () throws -> Weights
    ) rethrows {
      if let best, loss >= best.loss - settings.minimumDelta {
        waited += 1
      } else {
        waited = 0
        best = BestEpoch(epoch: epoch, loss: loss, weights: try weights())
      }
    }
  }
}

/// The epoch with the lowest validation loss so far.
package struct BestEpoch: Hashable, Sendable {
  /// Counted from 1.
  package let epoch: Int
  package let loss: Double
  package let weights: Weights
}
