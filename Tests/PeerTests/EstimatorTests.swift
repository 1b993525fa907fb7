import TestProgram
import Testing

/// The estimator of `Tools/python`, checked by scikit-learn.
@Suite(.withPython) struct EstimatorTests {
  @Test(arguments: ["conventions", "anomalies", "copies", "shapes"])
  func judged(part: String) throws {
    try Peers.run("estimator.py", part, environment: ["AEGPU_PROGRAM": Program.path])
  }
}
