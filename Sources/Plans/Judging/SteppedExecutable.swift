import Graphs

/// A prepared plan whose launches can be run one by one, with all that lies between them to be
/// looked at: for judging each by what it was given.
package protocol SteppedExecutable: Executable {
  /// The plan as it runs: the one that was prepared, or the same with other places.
  var plan: Plan { get }

  /// The step whose launch computes a step that has none of its own; views have none either, and
  /// are not in it.
  var hosts: [Int: Int] { get }

  /// Tensors that no launch stores, as the one that computes them reads them itself.
  var unstored: Set<TensorID> { get }

  /// Runs one of `launches`, and waits until it is done.
  func run(launch index: Int) throws

  /// What a tensor of the plan holds now, rounded to float32. Waits.
  func floats(of tensor: TensorID) throws -> [Float]

  /// Writes a tensor of the plan.
  func set(_ tensor: TensorID, to values: [Float]) throws
}
