import Plans

/// A program as a GPU would be given it: made without a device, for compilers that need none.
package struct OfflineProgram: Hashable, Sendable {
  /// The kernel file's name.
  package let file: String
  package let text: String
  package let options: String
  /// The kernels that are taken of it, with the work-items of a group.
  package var kernels: [String: Int]

  /// The programs of a plan, with every candidate for its products.
  /// - Parameters:
  ///   - computeUnits: for how many launches are cut.
  ///   - local: work-items of a flat work-group.
  package static func all(
    for plan: Plan, _ layout: StoreLayout, computeUnits: Int = 64, local: Int = 256
  ) -> [OfflineProgram] {
    let sizes = WorkSizes(.thin, computeUnits: computeUnits, local: local)
    let candidates = Set(plan.products.flatMap { sizes.candidates($0.shape) })
      .filter { $0 != .clblast }
    let tables = [ProductTable()] + candidates.map { ProductTable.forced($0) }
    let launches = tables.flatMap { table in
      LaunchList(plan, sizes, layout, table).instructions.compactMap { instruction -> Launch? in
        guard case .launch(let launch) = instruction else { return nil }
        // Others differ by how many partial sums a product leaves them.
        return !table.isForced || launch.file.hasPrefix("product") ? launch : nil
      }
    }
    var programs: [ProgramKey: OfflineProgram] = [:]
    for launch in launches {
      let key = launch.program
      programs[
        key,
        default: OfflineProgram(file: key.file, text: key.text, options: key.options, kernels: [:])
      ].kernels[launch.kernel] = launch.local.reduce(1, *)
    }
    return Array(programs.values)
  }
}
