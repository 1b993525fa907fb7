import Datasets
import Testing

@Suite struct SpellingTests {
  static let known = ["conv", "deep", "dense", "denoising", "vae"]

  @Test(
    arguments: [
      ("dnse", "dense"), ("desne", "dense"), ("DENSE", "dense"), ("va", "vae"), ("evae", "vae"),
      ("denoisign", "denoising"), ("convolution", nil), ("x", nil), ("", nil),
    ] as [(String, String?)]) func nearest(name: String, meant: String?)
  {
    #expect(Spelling.nearest(to: name, of: Self.known) == meant)
  }

  @Test func hints() {
    #expect(Spelling.hint("vea", of: Self.known) == "; did you mean vae?")
    #expect(Spelling.hint("mnist", of: Self.known) == "")
    #expect(Spelling.hint(String(repeating: "x", count: 100_000), of: Self.known) == "")
  }
}
