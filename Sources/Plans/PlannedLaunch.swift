/// One launch, call or loop of a prepared plan: what a device makes of some of its steps.
package struct PlannedLaunch: Hashable, Sendable {
  /// The steps that it computes, by their places; those that ride on others are not named.
  package let steps: [Int]
  /// The kernels, or what else computes them.
  package let kernels: [String]
  /// The queue that it goes into, from 0.
  package let queue: Int

  package init(steps: [Int], kernels: [String], queue: Int = 0) {
    self.steps = steps
    self.kernels = kernels
    self.queue = queue
  }
}
