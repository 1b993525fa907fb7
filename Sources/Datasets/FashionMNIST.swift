extension DatasetSource {
  /// 70,000 images of clothes, 28×28 (Xiao, Rasul and Vollgraf, 2017).
  static let fashionMNIST = DatasetSource(
    name: "fashion-mnist", summary: "images of clothes, 28×28, 60,000 + 10,000, from IDX files"
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
