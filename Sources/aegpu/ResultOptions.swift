import ArgumentParser
import Foundation
import Reports

/// The output file of a command, and its form.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File to write; its extension gives the form: .npy, .csv, .json, or .png for a grid of images. "
        + "A folder, such as out/, gets one .png file per image. - is standard output.",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Output form: npy, csv, json or png; overrides the file extension.", valueName: "form"))
  var format: ArrayForm?

  /// The folder that `--output` names: an existing one, or a name that ends in a slash.
  var folder: String? {
    guard let output, output != "-" else { return nil }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
    guard output.hasSuffix("/") || exists && isFolder.boolValue else { return nil }
    return output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
  }

  /// The file and its form.
  /// - Parameters:
  ///   - forms: the possible forms; the first is the default for standard output.
  ///   - path: the file of a picture without `--output`; `nil`: without `--output` the result goes to
  ///     standard output.
  func resolve(_ forms: [ArrayForm], picture path: String? = nil) throws -> (
    path: String, form: ArrayForm
  ) {
    let wanted = output ?? (format == nil || format == .png ? path : nil) ?? "-"
    let names = forms.map(\.rawValue).joined(separator: ", ")
    guard let form = format ?? ArrayForm(endingOf: wanted) ?? (wanted == "-" ? forms[0] : nil)
    else {
      throw ValidationError(
        "--output: expected a name that ends in .\(names.replacing(", ", with: ", .")), received "
          + "\(wanted); rename it, or add --format")
    }
    guard forms.contains(form) else {
      throw ValidationError(
        "--output: expected one of the forms \(names), received \(form.rawValue)")
    }
    guard wanted != "-" || ![.npy, .png].contains(form) || isatty(STDOUT_FILENO) == 0 else {
      throw ValidationError(
        "--output: expected a file for the form \(form.rawValue), received a terminal; name a file")
    }
    return (wanted, form)
  }
}

extension ArrayForm: ExpressibleByArgument {}
