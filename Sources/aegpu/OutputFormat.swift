import ArgumentParser

/// How a command prints a table.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}
