/// How a launcher (mpirun, or srun of Slurm) has started this process, by the variables that it
/// sets.
package struct RankLaunch: Hashable, Sendable {
  package enum Library: String, Hashable, Sendable, CaseIterable {
    case openMPI = "openmpi"
    case mpich
  }

  package let place: RankPlace
  /// The rank among those on the same machine, and their number.
  package let local: RankPlace
  package let library: Library

  package init(place: RankPlace, local: RankPlace, library: Library) {
    (self.place, self.local, self.library) = (place, local, library)
  }

  /// - Parameter variable: the value of an environment variable.
  /// - Returns: `nil` for a process that was started alone. `AEGPU_MPI` chooses the library where
  ///   Slurm's variables do not tell it.
  package init?(environment variable: (String) -> String?) {
    func place(_ rank: String, _ count: String) -> RankPlace? {
      guard let rank = variable(rank).flatMap({ Int($0) }),
        let count = variable(count).flatMap({ Int($0) }), count > 1, 0 <= rank, rank < count
      else { return nil }
      return RankPlace(rank: rank, count: count)
    }
    let named = variable("AEGPU_MPI").flatMap { Library(rawValue: $0) }
    let found: (place: RankPlace, library: Library)
    if let place = place("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE") {
      found = (place, .openMPI)
    } else if let place = place("PMI_RANK", "PMI_SIZE") {
      found = (place, named ?? .mpich)
    } else if variable("PMIX_RANK") != nil || variable("PMI_RANK") != nil,
      let place = place("SLURM_PROCID", "SLURM_NTASKS")
    {
      found = (place, named ?? (variable("PMIX_RANK") != nil ? .openMPI : .mpich))
    } else {
      return nil
    }
    let local =
      place("OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE")
      ?? place("MPI_LOCALRANKID", "MPI_LOCALNRANKS")
      ?? variable("SLURM_LOCALID").flatMap { Int($0) }.map {
        RankPlace(rank: $0, count: max(Self.tasksPerNode(variable) ?? 1, $0 + 1))
      }
    self.init(
      place: found.place, local: local ?? RankPlace(rank: 0, count: 1), library: found.library)
  }

  /// The first number of `SLURM_STEP_TASKS_PER_NODE`, such as `4(x2)`.
  private static func tasksPerNode(_ variable: (String) -> String?) -> Int? {
    variable("SLURM_STEP_TASKS_PER_NODE").flatMap { Int($0.prefix { $0.isNumber }) }
  }
}

/// How ranks add numbers.
package enum ExchangeOrder: String, Hashable, Sendable, CaseIterable {
  /// In the order that the library finds the fastest.
  case fast
  /// Rank by rank, so that the same number of ranks gives the same bits.
  case ordered
}
