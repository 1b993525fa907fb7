import Graphs

/// The elements of a tensor.
struct MemorySpan: Hashable {
  /// The start of its buffer.
  let buffer: Place
  let elements: Range<Int>

  func overlaps(_ other: MemorySpan) -> Bool {
    buffer == other.buffer && elements.overlaps(other.elements)
  }
}

extension LaunchList {
  func span(_ id: TensorID) -> MemorySpan {
    let place = place(id)
    return MemorySpan(
      buffer: place.buffer, elements: place.offset..<place.offset + shape(id).count)
  }
}

/// The elements that a step reads and writes.
struct MemoryAccess {
  let reads: [MemorySpan]
  let writes: [MemorySpan]

  init(_ step: Node, _ list: LaunchList) {
    func spans(_ tensors: [TensorID]) -> [MemorySpan] { tensors.map(list.span) }
    let (read, written) = list.tensors(of: step)
    reads = spans(read)
    switch step.op {
    case .update:
      // These are not in a list of tensors.
      writes = [MemorySpan(buffer: .parameters(0), elements: 0..<list.layout.parameters.count)]
    case .allReduce:
      // All ranks must exchange in the same order, that of the plan.
      writes = spans(written) + [MemorySpan(buffer: .state, elements: 0..<1)]
    case .updateCodebook: writes = spans(Array(step.inputs[2...]))
    default: writes = spans(written)
    }
  }

  /// Whether `later` has to wait for this step.
  func isNeeded(before later: MemoryAccess) -> Bool {
    func overlap(_ some: [MemorySpan], _ others: [MemorySpan]) -> Bool {
      some.contains { one in others.contains(where: one.overlaps) }
    }
    return overlap(writes, later.reads + later.writes) || overlap(reads, later.writes)
  }
}
