import Foundation
import Subprocesses
import TestProgram
import Testing

/// Bash's completions of a command line.
@Suite struct CompletionTests {
  @Test func values() throws {
    let program = try Program()
    let outcome = try program.run("--generate-completion-script", "bash")
    try #require(outcome.code == 0)
    let small = try program.run(
      "train", "linear-pca", "--device", "cpu", "--epochs", "1", "--output", "runs/one")
    try #require(small.code == 0, "\(small.errors)")
    try program.write("name: mine", to: "mine.yaml")
    try program.write(
      outcome.output + """

        cd "$1"
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
        COMP_POINT=${#COMP_LINE}
        _aegpu aegpu "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
        echo "${COMPREPLY[@]}"
        """, to: "complete.bash")
    func offered(_ words: String...) throws -> [Substring] {
      let result = try Subprocess.run(
        "bash",
        [program.folder + "/complete.bash", program.folder, Program.path] + words, timeLimit: 60)
      #expect(result.status == 0, "\(result.errors)")
      return String(decoding: result.output, as: UTF8.self).split { $0 == " " || $0 == "\n" }
    }
    #expect(try offered("ev") == ["evaluate"])
    #expect(try offered("train", "con") == ["conditional", "conv"])
    #expect(try offered("train", "mi") == ["mine.yaml"])
    #expect(try offered("train", "dense", "--data", "di") == ["digits"])
    #expect(try offered("train", "dense", "--device", "c") == ["cpu"])
    #expect(try offered("evaluate", "la") == ["last"])
    #expect(try offered("evaluate", "runs/") == ["runs/one", "runs/one/"])
    #expect(try offered("recipes", "show", "den") == ["denoising", "dense"])
  }
}
