extension DatasetSource {
  /// 70,000 handwritten digits, 28×28 (LeCun, Cortes and Burges, 1998).
  static let mnist = DatasetSource(
    name: "mnist", summary: "handwritten digits, 28×28, 60,000 + 10,000, from IDX files"
  ) { folders throws(DatasetError) in
    try IDXFolder.find("mnist", in: folders, package: nil)
      .load(name: "mnist", labelNames: (0...9).map(String.init))
  }
}
