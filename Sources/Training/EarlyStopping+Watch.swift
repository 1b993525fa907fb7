import Recipes

extension Recipe.EarlyStopping {
  /// The validation losses of a run so far, as early stopping sees them.
  struct Watch {
    private let settings: Recipe.EarlyStopping
    /// The epoch of the smallest loss, and what it left.
    private(set) var best: BestEpoch?
    /// Epochs since the last that was better by more than `minimumDelta`.
    private var waited = 0

    init(_ settings: Recipe.EarlyStopping) { self.settings = settings }

    /// Takes up a run after `epoch`: every epoch since the best one was waited for.
    mutating func restore(best: BestEpoch?, epoch: Int) {
      self.best = best
      waited = epoch - (best?.epoch ?? epoch)
    }

    /// Whether training goes no further.
    var stops: Bool { waited >= settings.patience }

    /// Takes note of an epoch.
    /// - Parameter weights: what it left; asked for where it is the best.
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

/// The epoch of the smallest validation loss so far.
package struct BestEpoch: Hashable, Sendable {
  /// Counted from 1.
  package let epoch: Int
  package let loss: Double
  package let weights: Weights
}
