import CMPI
import Glibc

/// Ranks that are connected by MPI.
package final class MPITransport: Transport {
  package let place: RankPlace
  private let order: ExchangeOrder
  /// For sums rank by rank: all blocks of the values, and this rank's block of each rank.
  private var blocks: [Float] = []
  private var received: [Float] = []

  /// Loads the library and joins the other ranks, once in a process.
  package init(_ launch: RankLaunch, order: ExchangeOrder) throws(RankError) {
    self.order = order
    if let reason = cmpi_join(launch.library == .openMPI ? CMPI_OPEN_MPI : CMPI_MPICH) {
      throw .noLibrary(launch.library, reason: String(cString: reason))
    }
    let count = Int(cmpi_count())
    guard count == launch.place.count else {
      throw .otherCount(launch.library, launched: launch.place.count, joined: count)
    }
    place = RankPlace(rank: Int(cmpi_rank()), count: count)
  }

  package func sum(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let first = values.baseAddress else { return }
    switch order {
    case .fast: cmpi_sum(first, values.count)
    case .ordered: sumInOrder(values)
    }
  }

  /// Each rank adds one block, in the order of the ranks, and then all get all blocks.
  private func sumInOrder(_ values: UnsafeMutableBufferPointer<Float>) {
    let block = (values.count + place.count - 1) / place.count
    if blocks.count != block * place.count {
      blocks = [Float](repeating: 0, count: block * place.count)
      received = blocks
    }
    blocks.withUnsafeMutableBufferPointer { blocks in
      received.withUnsafeMutableBufferPointer { received in
        let (all, own) = (blocks.baseAddress!, received.baseAddress!)
        all.update(from: values.baseAddress!, count: values.count)
        cmpi_exchange_blocks(all, own, block)
        for rank in 1..<place.count {
          for index in 0..<block { own[index] += own[rank * block + index] }
        }
        cmpi_gather_blocks(own, all, block)
        values.baseAddress!.update(from: all, count: values.count)
      }
    }
  }

  package func leave(_ code: Int32) { cmpi_leave(code) }

  package func abort(_ code: Int32) -> Never {
    cmpi_abort(code)
    exit(code)
  }
}
