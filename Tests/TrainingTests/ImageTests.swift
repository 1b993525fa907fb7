import Datasets
import Foundation
import Recipes
import TestFolders
import Testing
import Training

/// Which examples are images, the range of their values, and when they are drawn.
@Suite struct ImageTests {
  private func floats(_ values: [Float], _ shape: [Int]) -> Examples {
    Examples(
      count: values.count / shape.reduce(1, *), shape: shape, elements: .floats(values))
  }

  @Test func imagesAndTables() {
    #expect(floats([0, 0, 0, 0], [2, 2]).imageShape == [2, 2, 1])
    #expect(floats([0, 0, 0], [1, 1, 3]).imageShape == [1, 1, 3])
    #expect(floats([0, 0], [1, 1, 2]).imageShape == nil)
    // A table of 16 columns is no image of 4×4; 16 bytes in a row are one.
    #expect(floats([Float](repeating: 0, count: 16), [16]).imageShape == nil)
    #expect(smallExamples(count: 1).imageShape == [4, 4, 1])
    #expect(smallExamples(count: 1, features: 15).imageShape == nil)
  }

  @Test(
    arguments: [
      ([0, 0.5, 1], 0, 1), ([0, 0.2], 0, 1), ([-0.3, 0.9], -1, 1), ([0, 3, 7], 0, 255),
      ([0.5, 130.25], 0, 255), ([0.5, 7], 0.5, 7), ([0, 65_535], 0, 65_535), ([-3, 4], -3, 4),
      ([9, 9], 0, 255), ([-9, -9], -9, -8),
    ] as [([Float], Double, Double)]) func ranges(values: [Float], least: Double, most: Double)
  {
    #expect(floats(values, [1]).imageRange(byteScale: 1.0 / 255) == least...most)
  }

  @Test func rangeOfBytes() {
    #expect(smallExamples(count: 2).imageRange(byteScale: 1.0 / 255) == 0...1)
    #expect(smallExamples(count: 2).imageRange(byteScale: 1) == 0...255)
  }

  @Test func picturesOfALongRunBecomeRare() throws {
    let pictures = try smallRecipe().pictures
    #expect(
      (1...1000).filter(pictures.shows) == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    let every = try smallRecipe(more: "pictures: {every: 3}").pictures
    #expect((1...10).filter(every.shows) == [3, 6, 9])
  }

  /// A picture that cannot be drawn does not end the run: it gives one note.
  @Test func picturesThatFailOnlyWarn() throws {
    try inFolder { folder in
      let run = try RunOwner.create(
        RunFolder(folder + "/run"), recipe: "r", environment: "{}"
      ).folder
      try FileManager.default.removeItem(atPath: run.images)
      try Data().write(to: URL(fileURLWithPath: run.images))
      var gallery: GalleryRecorder?
      let data = try TrainingData(training: smallExamples(count: 9), validation: nil)
      let (told, _, error) = try train(smallRecipe(), training: data.training) { event, trainer in
        if gallery == nil { gallery = GalleryRecorder(run, trainer, data) }
        gallery?.record(event)
      }
      #expect(error == nil && told.ending == .finished)
      let notes = try #require(gallery?.notes)
      #expect(
        notes.first == "\(run.images)/reconstructions-epoch-0001.png: expected a folder "
          + "\(run.images), found none; create it first")
      #expect(Set(notes).count == notes.count)
      #expect(gallery?.pictures == [])
    }
  }
}
