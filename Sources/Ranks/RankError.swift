/// An error of training in several ranks.
package enum RankError: Error, Hashable, Sendable, CustomStringConvertible {
  case noLibrary(RankLaunch.Library, reason: String)
  /// The launcher's variables and the library disagree.
  case otherCount(RankLaunch.Library, launched: Int, joined: Int)
  case smallBatch(size: Int, ranks: Int)
  /// A rank has another recipe, other data or other weights than rank 0.
  case different(what: String, rank: Int)

  package var description: String {
    switch self {
    case .noLibrary(let library, let reason):
      "expected \(library.name) (\(library.package) on Debian), received: \(reason)"
    case .otherCount(let library, let launched, let joined):
      "expected \(launched) ranks, as the launcher says, received \(joined) by \(library.name); "
        + "start with the launcher of that library, or set AEGPU_MPI to openmpi or mpich"
    case .smallBatch(let size, let ranks):
      "batchSize: expected at least one example for each of \(ranks) ranks, received \(size)"
    case .different(let what, let rank):
      "expected the same \(what) on all ranks, received another on rank \(rank) than on rank 0"
    }
  }
}

extension RankLaunch.Library {
  fileprivate var name: String {
    switch self {
    case .openMPI: "Open MPI"
    case .mpich: "MPICH"
    }
  }

  fileprivate var package: String {
    switch self {
    case .openMPI: "openmpi-bin"
    case .mpich: "mpich"
    }
  }
}
