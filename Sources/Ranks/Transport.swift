/// Carries numbers between ranks.
package protocol Transport: AnyObject {
  var place: RankPlace { get }

  /// Replaces values by their sums over all ranks, which have the same bits on all. Waits for the
  /// other ranks.
  func sum(_ values: UnsafeMutableBufferPointer<Float>)

  /// Leaves, after all other ranks have come to their end, too. This process ends with `code`
  /// afterwards, and has nothing left to tell.
  func leave(_ code: Int32)

  /// Ends all ranks at once with this exit code.
  func abort(_ code: Int32) -> Never
}
