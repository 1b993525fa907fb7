extension NPY {
  /// The array as examples, its first dimension counting them: `[N, H, W]` is images of one
  /// channel, `[N]` examples of one value.
  ///
  /// Throws where a value is not finite, or is missing (NaN) and may not be.
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

  /// What to say of `[N, C, H, W]`, the order of other frameworks, which is read as `[N, H, W, C]`;
  /// nil where the channels are plainly last.
  func channelNote(place: String) -> String? {
    guard shape.count == 4, [1, 3].contains(shape[1]), ![1, 3].contains(shape[3]) else {
      return nil
    }
    return "\(place): \(shape) is read as \(shape[1]) rows of \(shape[2]) pixels with \(shape[3]) "
      + "channels; if it is [N, C, H, W], save array.transpose(0, 2, 3, 1)"
  }

  /// The array as labels: integers of any type, floats that are whole numbers, `[N]` or `[N, 1]`.
  func labels(place: String) throws(DatasetError) -> [Int32] {
    guard shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw .unexpected(
        place: place, expected: "one label to an example, [N] or [N, 1]", received: "\(shape)",
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

  /// Infinite or missing values would end every training run.
  private func checkFinite<Number: BinaryFloatingPoint & Sendable>(
    _ numbers: [Number], mayMiss: Bool, place: String
  ) throws(DatasetError) {
    guard let index = numbers.firstIndex(where: { !$0.isFinite && !(mayMiss && $0.isNaN) }) else {
      return
    }
    var (position, rest): ([Int], Int) = ([], index)
    for size in shape.reversed() {
      position.insert(rest % size, at: 0)
      rest /= size
    }
    throw .unexpected(
      place: place, expected: "finite numbers", received: "\(numbers[index]) at \(position)",
      advice: numbers[index].isNaN
        ? "fill it in with --missing mean, leave it out of the loss with --missing mask, or leave the "
          + "row out"
        : "correct it, or leave the row out")
  }
}
