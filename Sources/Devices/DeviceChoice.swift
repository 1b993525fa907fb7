/// Which device is meant.
package enum DeviceChoice: Hashable, Sendable {
  /// The fastest for the recipe where `tune` has timed them all; else a GPU if there is one, else
  /// the native backend.
  case automatic
  case native
  /// The judge of the others: slow, and not in the help.
  case reference
  case openCL(Int)

  /// `auto`, `cpu`, `reference` or a device's number.
  package init?(argument: String) {
    switch argument {
    case "auto": self = .automatic
    case "cpu": self = .native
    case "reference": self = .reference
    default:
      guard let index = Int(argument), index >= 0 else { return nil }
      self = .openCL(index)
    }
  }
}
