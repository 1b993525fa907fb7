import Datasets
import Training

extension ShownExamples {
  /// The scale of errors, in words: `of values from 0 to 1`.
  package func scaleText(byteScale: Double) -> String {
    if examples.areBytes {
      return byteScale == 1 ? "of values from 0 to 255" : "of values from 0 to 1"
    }
    return scaling != nil
      ? "of values as scaled for the network" : "of values on the scale of the data"
  }
}
