/// How a plan's launches are queued.
package enum Schedule: String, CaseIterable, Hashable, Sendable, Codable {
  /// One by one in one queue.
  case oneQueue
  /// What computes weight gradients goes into a second queue, beside the gradients that earlier
  /// layers wait for.
  case twoQueues
  /// What computes rows from rows, from the batch to the gradient of the first layer, is one
  /// launch, and what computes weight gradients another: for CPU devices, which take some
  /// microseconds from the end of a launch to the next.
  case fused

  /// Where nothing was measured.
  init(for style: WorkStyle) {
    self =
      switch style {
      case .fat: .fused
      case .thin: .oneQueue
      }
  }
}
