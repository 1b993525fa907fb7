extension DatasetSource {
  /// 70,000 pictures of clothes, 28×28 (Xiao, Rasul and Vollgraf, 2017).
  static let fashionMNIST = DatasetSource(
    name: "fashion-mnist", summary: "clothes, 28×28, 60,000 and 10,000, read from IDX files"
  ) { folders throws(DatasetError) in
    try IDXFolder.find("fashion-mnist", in: folders, package: "dataset-fashion-mnist")
      .load(
        name: "fashion-mnist",
        labelNames: [
          "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
          "Bag", "Ankle boot",
        ])
  }
}
