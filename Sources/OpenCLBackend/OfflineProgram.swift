import Plans

/// The text of a program for a GPU, generated without a device, for offline compilers.
package struct OfflineProgram: Hashable, Sendable {
  /// The kernel file's name.
  package let file: String
  package let text: String
  package let options: String
  /// The kernels of the program, and the work-items of a group of each.
  package var kernels: [String: Int]

  /// The programs of a plan, with every candidate for its products.
  /// - Parameters:
  /// - computeUnits: the number of compute units that launches are divided for.
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
        // Other launches differ only by the number of partial sums of a product.
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
