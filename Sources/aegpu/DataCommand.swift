import ArgumentParser
import Datasets
import Foundation
import Reports

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Lists the data sets, or downloads one.",
    discussion: "--data also takes \(DatasetSource.paths).",
    subcommands: [List.self, Fetch.self], defaultSubcommand: List.self)

  struct Folder: ParsableArguments {
    @Option(
      help: ArgumentHelp("Folder to search for data sets before the usual ones.", valueName: "dir"))
    var dataDir: String?

    var folders: DataFolders { DataFolders(directory: dataDir) }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the data sets and where they are.")

    @OptionGroup var folder: Folder

    @Option(help: "Output format: text or json.")
    var format = OutputFormat.text

    func run() throws {
      let rows = DatasetSource.all.map { Row($0, in: folder.folders) }
      switch format {
      case .json: try Console.print(rows.jsonText())
      case .text:
        var table = TextTable([.text("data"), .text("where"), .text("description")])
        for row in rows { table.append([row.name, row.place, row.summary]) }
        try Console.print(table)
      }
    }
  }

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Downloads a data set over HTTPS.",
      discussion: "The files are stored in the first folder that is searched for data sets. An "
        + "interrupted download is resumed; a file with a wrong SHA-256 is deleted.")

    private static let names = DataFetch.all.map(\.name).sorted()

    @OptionGroup var folder: Folder

    @Argument(
      help: ArgumentHelp("Data set: \(names.joined(separator: " or "))."), completion: .list(names))
    var name: String

    func validate() throws {
      do { _ = try DataFetch.named(name) } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
      let fetch = try DataFetch.named(name)
      let isTerminal = isatty(STDERR_FILENO) == 1
      try Console.print(
        try fetch.run(into: folder.folders, showsProgress: isTerminal) { event in
          Console.say("\(Self.line(event))\n")
        })
    }

    private static func line(_ event: DataFetch.Event) -> String {
      switch event {
      case .kept(let path): "\(path) exists already"
      case .fetching(let url, 0): "downloading \(url)"
      case .fetching(let url, let count): "downloading \(url) from byte \(Numbers.grouped(count))"
      case .fetched(let path): "\(path) is complete"
      }
    }
  }
}

/// A data set as `aegpu data list` shows it.
private struct Row: Encodable {
  let name: String
  let summary: String
  let isThere: Bool
  /// The folder of its files; `nil` for a data set that the program makes.
  let folder: String?
  /// The command that downloads it, if it is missing.
  let command: String?

  init(_ source: DatasetSource, in folders: DataFolders) {
    name = source.name
    summary = source.summary
    switch source.place(in: folders) {
    case .program: (isThere, folder, command) = (true, nil, nil)
    case .folder(let path): (isThere, folder, command) = (true, path, nil)
    case .missing: (isThere, folder, command) = (false, nil, "aegpu data fetch \(source.name)")
    }
  }

  var place: String { folder ?? command ?? "made by the program" }
}
