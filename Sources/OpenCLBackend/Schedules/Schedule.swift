/// How a plan's launches are queued.
package enum Schedule: String, CaseIterable, Hashable, Sendable, Codable {
  /// One by one in one queue.
  case oneQueue
  /// Weight gradients are computed in a second queue, in parallel with the gradients that earlier
  /// layers need.
  case twoQueues
  /// Steps that compute rows from rows, from the batch to the gradient of the first layer, are one
  /// launch, and weight gradients are another: for CPU devices, which need some microseconds
  /// between two launches.
  case fused

  /// The default without measurements.
  init(for style: WorkStyle) {
    self =
      switch style {
      case .fat: .fused
      case .thin: .oneQueue
      }
  }
}
