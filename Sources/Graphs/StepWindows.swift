/// Windows over the steps of sequences `[N, T, C]`: window `i` of `count` holds steps
/// `stride · i − offset` to `stride · i − offset + size − 1`. A step outside of the sequence is 0.
package struct StepWindows: Hashable, Sendable, CustomStringConvertible {
  /// `K`
  package let size: Int
  /// The distance between the starts of two neighbouring windows; 0 if all are the same.
  package let stride: Int
  /// The number of steps that the first window begins before the sequence.
  package let offset: Int
  package let count: Int

  private init(_ size: Int, stride: Int, offset: Int, count: Int) {
    (self.size, self.stride, self.offset, self.count) = (size, stride, offset, count)
  }

  /// The windows of a layer, over `length` steps.
  package init(_ window: Window, over length: Int) {
    self.init(
      window.size, stride: window.stride, offset: window.offset(over: length),
      count: window.count(over: length))
  }

  /// The first step, `count` times.
  package static func repeated(_ count: Int) -> StepWindows {
    StepWindows(1, stride: 0, offset: 0, count: count)
  }

  /// The last of `length` steps.
  package static func last(of length: Int) -> StepWindows {
    StepWindows(1, stride: 1, offset: 1 - length, count: 1)
  }

  /// For each of `length` steps, the previous one.
  package static func previous(of length: Int) -> StepWindows {
    StepWindows(1, stride: 1, offset: 1, count: length)
  }

  package var description: String {
    let start = offset == 0 ? "" : offset > 0 ? ", from −\(offset)" : ", from \(-offset)"
    return "\(count) × \(size)" + (stride == 1 ? "" : " by \(stride)") + start
  }
}
