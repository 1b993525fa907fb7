extension NPY {
  /// The array as examples along its first dimension: `[N, H, W]` are images of one channel, `[N]`
  /// are examples of one value.
  ///
  /// Throws if a value is not finite, or is missing (NaN) where that is not allowed.
  func examples(
    labels: [Int32]?, mayMiss: Bool = false, place: String
  ) throws(DatasetError) -> Examples {
    let own = Array(shape.dropFirst())
    let elements: Examples.Elements
    switch self.elements {
    case .bytes(let bytes): elements = .bytes(bytes)
    case .floats(let floats):
      try checkFinite(floats, mayMiss: mayMiss, place: place)
      elements = .floats(floats)
    case .doubles(let doubles):
      try checkFinite(doubles, mayMiss: mayMiss, place: place)
      elements = .doubles(doubles)
    }
    return Examples(
      count: shape[0], shape: own.isEmpty ? [1] : own.count == 2 ? own + [1] : own,
      elements: elements, labels: labels)
  }

  /// A note for an array that looks like `[N, C, H, W]`, the order of other frameworks, but is read
  /// as `[N, H, W, C]`; nil if the channels are clearly last.
  static func channelNote(_ shape: [Int], place: String) -> String? {
    guard shape.count == 4, [1, 3].contains(shape[1]), ![1, 3].contains(shape[3]) else {
      return nil
    }
    return "\(place): \(shape) is read as \(shape[1]) rows of \(shape[2]) pixels with \(shape[3]) "
      + "channels; if it is [N, C, H, W], save array.transpose(0, 2, 3, 1)"
  }

  /// The array as labels: integers of any type, or floats that are whole numbers, `[N]` or `[N,
  /// 1]`.
  func labels(place: String) throws(DatasetError) -> [Int32] {
    guard shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw .unexpected(
        place: place, expected: "one label per example, [N] or [N, 1]", received: "\(shape)",
        advice: "save class numbers, such as array.argmax(axis=1)")
    }
    switch elements {
    case .bytes(let bytes): return bytes.map(Int32.init)
    case .floats(let floats): return try whole(floats.map(Double.init), place: place)
    case .doubles(let doubles): return try whole(doubles, place: place)
    }
  }

  private func whole(_ numbers: [Double], place: String) throws(DatasetError) -> [Int32] {
    var labels: [Int32] = []
    labels.reserveCapacity(numbers.count)
    for number in numbers {
      guard let label = Int32(exactly: number) else {
        let isWhole = number.isFinite && number == number.rounded()
        throw .unexpected(
          place: place, expected: "labels that are whole numbers of 32 bits",
          received: isWhole && abs(number) < 1e18 ? "\(Int(number))" : "\(number)",
          advice: "number the classes, numpy.unique(array, return_inverse=True)[1]")
      }
      labels.append(label)
    }
    return labels
  }

  /// Throws for infinite or missing values, with which training would always diverge.
  private func checkFinite<Number: BinaryFloatingPoint & Sendable>(
    _ numbers: [Number], mayMiss: Bool, place: String
  ) throws(DatasetError) {
    guard let index = numbers.firstIndex(where: { !$0.isFinite && !(mayMiss && $0.isNaN) }) else {
      return
    }
    throw Self.notFinite(numbers[index], at: index, shape, place: place)
  }

  /// The error for a value of an array that is infinite or missing.
  static func notFinite(
    _ value: some BinaryFloatingPoint & Sendable, at index: Int, _ shape: [Int], place: String
  ) -> DatasetError {
    var (position, rest): ([Int], Int) = ([], index)
    for size in shape.reversed() {
      position.insert(rest % size, at: 0)
      rest /= size
    }
    return .unexpected(
      place: place, expected: "finite numbers", received: "\(value) at \(position)",
      advice: value.isNaN
        ? "fill it with --missing mean, leave it out of the loss with --missing mask, or remove the "
          + "row"
        : "correct it, or remove the row")
  }
}
