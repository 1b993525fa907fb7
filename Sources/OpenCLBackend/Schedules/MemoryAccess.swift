import Graphs

/// The elements of a tensor.
struct MemorySpan: Hashable {
  /// Its beginning.
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

/// The elements that a step reads and writes. An update's parameters are not among them: it reads
/// all gradients, and so comes after whatever else there is.
struct MemoryAccess {
  let reads: [MemorySpan]
  let writes: [MemorySpan]

  init(_ step: Node, _ list: LaunchList) {
    func spans(_ tensors: [TensorID]) -> [MemorySpan] { tensors.map(list.span) }
    let (read, written) = list.tensors(of: step)
    reads = spans(read)
    writes = spans(written)
  }

  /// Whether `later` has to wait for this step.
  func isNeeded(before later: MemoryAccess) -> Bool {
    func overlap(_ some: [MemorySpan], _ others: [MemorySpan]) -> Bool {
      some.contains { one in others.contains(where: one.overlaps) }
    }
    return overlap(writes, later.reads + later.writes) || overlap(reads, later.writes)
  }
}
