import Plans

/// Into how many in-order queues a plan's launches are shared out.
package enum QueueCount: Int, CaseIterable, Hashable, Sendable, Codable {
  case one = 1
  /// What computes weight gradients goes into the second, beside the gradients that earlier layers
  /// wait for.
  case two = 2

  /// Where nothing was measured: two on a CPU device, where they keep threads from going to sleep
  /// between launches.
  package init(for device: DeviceInformation) { self = device.kind == .cpu ? .two : .one }
}
