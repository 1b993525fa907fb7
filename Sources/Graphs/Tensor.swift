/// The index of a tensor in its graph.
package struct TensorID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let index: Int

  package init(_ index: Int) { self.index = index }
  package static func < (a: TensorID, b: TensorID) -> Bool { a.index < b.index }
  package var description: String { "%\(index)" }
}

/// A source of examples: each feed has its own examples, order, counters and loss log.
package enum Feed: Int, Hashable, Sendable, Codable, CaseIterable {
  case training, validation
}

/// Where a tensor's value comes from.
package enum Role: Hashable, Sendable {
  /// Trained; named, and stored with the weights.
  case parameter(name: String)
  /// Layer state: kept from step to step and stored with the weights, but not trained; named.
  case state(name: String)
  /// A feed's examples, `[count, …]`, on the device for the whole run.
  case examples(Feed)
  /// The order of a feed's examples, `[count]`, int32.
  case order(Feed)
  /// The class of each of a feed's examples, `[count]`, int32, counted from 0.
  case labels(Feed)
  /// Written by the host before a run.
  case input(name: String)
  /// The same constant in every element.
  case constant(Double)
  /// Computed by a node.
  case value
}

/// A tensor of a graph: a value, not memory.
package struct Tensor: Hashable, Sendable {
  package let id: TensorID
  package let type: TensorType
  package let role: Role

  package var shape: Shape { type.shape }
}

/// One application of an op.
package struct Node: Hashable, Sendable {
  package let op: Op
  package let inputs: [TensorID]
  package let outputs: [TensorID]

  package init(op: Op, inputs: [TensorID], outputs: [TensorID]) {
    self.op = op
    self.inputs = inputs
    self.outputs = outputs
  }
}
