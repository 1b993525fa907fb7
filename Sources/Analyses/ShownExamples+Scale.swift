import Datasets
import Training

extension ShownExamples {
  /// The scale of errors, in words: `of values from 0 to 1`.
  package func scaleText(byteScale: Double) -> String {
    switch examples.elements {
    case .bytes: byteScale == 1 ? "of values from 0 to 255" : "of values from 0 to 1"
    case .floats, .doubles, .stored:
      scaling != nil ? "of values as scaled for the network" : "of values on the scale of the data"
    }
  }
}
