import ArgumentParser
import Foundation
import Reports

/// Where a command's answer goes, and in which form.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The file to write; its ending gives the form: .npy, .csv, .json, or .png for images in a grid. "
        + "A folder, such as out/, takes a .png to each image. - is standard output.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "The form, whatever the ending says: npy, csv, json or png.", valueName: "form"))
  var format: ArrayForm?

  /// The folder that `--output` names: one that is there, or a name that ends in a slash.
  var folder: String? {
    guard let output, output != "-" else { return nil }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
    guard output.hasSuffix("/") || exists && isFolder.boolValue else { return nil }
    return output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
  }

  /// The file and its form.
  /// - Parameters:
  ///   - forms: those that the command has here, the first of them for standard output.
  ///   - path: where a picture goes without `--output`; without a picture among the forms all goes
  ///     to standard output then.
  func resolve(_ forms: [ArrayForm], picture path: String? = nil) throws -> (
    path: String, form: ArrayForm
  ) {
    let wanted = output ?? (format == nil || format == .png ? path : nil) ?? "-"
    let names = forms.map(\.rawValue).joined(separator: ", ")
    guard let form = format ?? ArrayForm(endingOf: wanted) ?? (wanted == "-" ? forms[0] : nil)
    else {
      throw ValidationError(
        "--output: expected a name that ends in .\(names.replacing(", ", with: ", .")), received "
          + "\(wanted); rename it, or say --format")
    }
    guard forms.contains(form) else {
      throw ValidationError(
        "--output: expected one of the forms \(names) here, received \(form.rawValue)")
    }
    guard wanted != "-" || ![.npy, .png].contains(form) || isatty(STDOUT_FILENO) == 0 else {
      throw ValidationError(
        "--output: expected a file for the form \(form.rawValue), received a terminal; name one")
    }
    return (wanted, form)
  }
}

extension ArrayForm: ExpressibleByArgument {}
