import Graphs
import Plans
import Training

/// What some steps find in a device's store beside layer state, which the judges have from the
/// beginning: the parameters, gradients and moments of the phases that they end.
struct StoreContents {
  private struct Part {
    let buffer: StoreBuffer
    let elements: Range<Int>
    let values: [Float]
  }

  private var parts: [Part] = []

  /// - Parameter nodes: the steps.
  init(readBy nodes: [Node], _ session: Session) throws {
    for node in nodes {
      switch node.op {
      case .record(let op) where op.feed == .training:
        try add(.gradients, session.layout.groups[op.phase].range, session)
      case .update(let op):
        let range = session.layout.groups[op.phase].range
        try add(.gradients, range, session)
        try add(.parameters, range, session)
        for index in 0..<op.optimizer.momentCount {
          try add(.moment(index, phase: op.phase), 0..<range.count, session)
        }
      default: break
      }
    }
  }

  private mutating func add(
    _ buffer: StoreBuffer, _ elements: Range<Int>, _ session: Session
  ) throws {
    guard !parts.contains(where: { $0.buffer == buffer && $0.elements == elements }) else { return }
    let values = try session.store.floats(elements, of: buffer)
    parts.append(Part(buffer: buffer, elements: elements, values: values))
  }

  /// Reads the gradients again.
  mutating func readGradients(_ session: Session) throws {
    parts = try parts.map { part in
      guard part.buffer == .gradients else { return part }
      return Part(
        buffer: .gradients, elements: part.elements,
        values: try session.store.floats(part.elements, of: .gradients))
    }
  }

  /// The parameters of a phase that a step moves.
  func parameters(_ elements: Range<Int>) -> [Float] {
    parts.first { $0.buffer == .parameters && $0.elements == elements }?.values ?? []
  }

  /// The judges have the parameters.
  func write(to judge: Judge) throws {
    for part in parts where part.buffer != .parameters {
      try judge.write(part.values, to: part.buffer, at: part.elements.lowerBound)
    }
  }
}
