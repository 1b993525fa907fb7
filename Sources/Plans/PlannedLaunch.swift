/// One launch, call or loop of a prepared plan, which computes some of its steps.
package struct PlannedLaunch: Hashable, Sendable {
  /// The steps that it computes, by index; steps that are fused into others are not listed.
  package let steps: [Int]
  /// The kernels, or other code that computes them.
  package let kernels: [String]
  /// The index of its queue, from 0.
  package let queue: Int

  package init(steps: [Int], kernels: [String], queue: Int = 0) {
    self.steps = steps
    self.kernels = kernels
    self.queue = queue
  }
}
