import Foundation
import PackagePlugin

/// Gives a target the constant `embeddedTexts: [String: String]`: every `.cl` and `.yaml` file of its
/// folder, by file name. A new file needs no line anywhere else.
@main struct EmbedTextsPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedTexts.swift")
    let texts = try FileManager.default
      .contentsOfDirectory(at: target.directoryURL, includingPropertiesForKeys: nil)
      .filter { ["cl", "yaml"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
    return [
      .buildCommand(
        displayName: "Embedding \(texts.count) texts in \(target.name)",
        executable: try context.tool(named: "EmbedTexts").url,
        arguments: [output.path] + texts.map(\.path), inputFiles: texts, outputFiles: [output])
    ]
  }
}
