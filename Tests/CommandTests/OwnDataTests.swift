import Foundation
import TestProgram
import Testing

/// A person's own arrays and images from the command line.
@Suite struct OwnDataTests {
  private func train(_ program: Program, _ recipe: String, _ more: String...) throws
    -> Outcome
  {
    try program.start(
      ["train", recipe, "--epochs", "1", "--device", "cpu", "--validation", "none"] + more
    ).wait()
  }

  private func write(_ base64: String, to name: String, of program: Program) throws {
    let bytes = try #require(Data(base64Encoded: base64))
    try bytes.write(to: URL(fileURLWithPath: program.folder + "/" + name))
  }

  /// An archive's array is named behind its path; the recipe that is kept names it from the root.
  @Test func anArrayOfAnArchive() throws {
    let program = try Program()
    // Arrays a and b of shape (4, 3) and type uint8, by NumPy.
    let archive =
      "UEsDBBQAAAAIAAAAIQD2LOtvUgAAAIwAAAAFAAAAYS5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qo"
      + "rqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RomOgrGmjoKtQpkAy4GRiZmFlY2dg5OLm4AUEsD"
      + "BBQAAAAIAAAAIQD2LOtvUgAAAIwAAAAFAAAAYi5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOg"
      + "npZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RomOgrGmjoKtQpkAy4GRiZmFlY2dg5OLm4AUEsBAhQD"
      + "FAAAAAgAAAAhAPYs629SAAAAjAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAhQDFAAAAAgAAAAh"
      + "APYs629SAAAAjAAAAAUAAAAAAAAAAAAAAIABdQAAAGIubnB5UEsFBgAAAAACAAIAZgAAAOoAAAAAAA=="
    try write(archive, to: "two.npz", of: program)
    let named = try train(program, "linear-pca", "--data", "two.npz:b", "--output", "run")
    #expect(named.code == 0, "\(named.errors)")
    #expect(try program.text("run/recipe.yaml").contains("/two.npz:b"))
    let refused = try train(program, "linear-pca", "--data", "two.npz", "--output", "other")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("received a [4, 3], b [4, 3]; name the array, such as --data "))
  }

  @Test func anImage() throws {
    let program = try Program()
    // 40 × 20 pixels of (10, 20, 30), by Pillow.
    let image =
      "iVBORw0KGgoAAAANSUhEUgAAACgAAAAUCAIAAABwJOjsAAAAJ0lEQVR4nGPkEpFjGAjANCC2jlo8avGo"
      + "xaMWj1o8avGoxaMWDwgAAP1GAGQekqhiAAAAAElFTkSuQmCC"
    try write(image, to: "photo.png", of: program)
    let padded = try train(
      program, "simple", "--data", "photo.png", "--fit", "pad", "--output", "run")
    #expect(padded.code == 0, "\(padded.errors)")
    #expect(try program.text("run/recipe.yaml").contains("fit: pad"))
    let misused = try train(program, "simple", "--data", "photo.png", "--fit", "stretch")
    #expect(misused.code == 64)
    #expect(misused.errors.contains("--fit"))
  }
}
