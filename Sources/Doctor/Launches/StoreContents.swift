import Graphs
import Plans
import Training

/// What some steps find in a device's store beside parameters and layer state, which the judges have
/// alike from the beginning.
struct StoreContents {
  /// Empty where no step reads or moves them.
  private(set) var parameters: [Double] = []
  private var gradients: [Double]?
  private var moments: [(StoreBuffer, [Double])] = []

  /// - Parameter nodes: the steps.
  init(readBy nodes: [Node], _ session: Session) throws {
    for node in nodes {
      switch node.op {
      case .record(let op) where op.feed == .training:
        if gradients == nil { gradients = try session.store.read(.gradients) }
      case .update(let op):
        if gradients == nil { gradients = try session.store.read(.gradients) }
        parameters = try session.store.read(.parameters)
        for index in 0..<op.optimizer.momentCount {
          let buffer = StoreBuffer.moment(index, phase: op.phase)
          moments.append((buffer, try session.store.read(buffer)))
        }
      default: break
      }
    }
  }

  func write(to judge: Judge) throws {
    if let gradients { try judge.write(gradients, to: .gradients) }
    for (buffer, values) in moments { try judge.write(values, to: buffer) }
  }
}
