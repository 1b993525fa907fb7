/// The choice of a device.
package enum DeviceChoice: Hashable, Sendable {
  /// The fastest device for the recipe, if `tune` has measured all of them; else a GPU, if there is
  /// one, else the native backend.
  case automatic
  case native
  /// The reference for tests of the other backends: slow, and not in the help.
  case reference
  case openCL(Int)

  /// `auto`, `cpu`, `reference` or a device's index.
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

  /// As it is written on the command line.
  package var argument: String {
    switch self {
    case .automatic: "auto"
    case .native: "cpu"
    case .reference: "reference"
    case .openCL(let index): "\(index)"
    }
  }
}
