import Randoms

extension DatasetSource {
  /// Two time series with a daily rhythm, one value every five minutes for 14 days; one day of the
  /// test series is unusual. They follow the formula of the artificial series of the Numenta
  /// Anomaly Benchmark, which Keras's example of anomaly detection in time series uses.
  static let daily = DatasetSource(
    name: "daily",
    summary:
      "a time series with a daily rhythm, 4,032 rows, and another with one unusual day, generated"
  ) { _ in
    Dataset(
      name: "daily", training: series(oddDay: nil, step: 0), test: series(oddDay: 10, step: 1),
      labelNames: ["usual", "odd"], featureNames: ["value"])
  }

  /// `level_h = t + 0.2 (level_{h − 1} − t)` in hour `h`, with `t = 80` from 9 to 17 o'clock and 20
  /// otherwise; each hour has 12 values, `level · (1 + 0.1 u)`, `u` uniform in [−1, 1).
  /// - Parameters:
  /// - oddDay: the day, counted from 0, on which `t` is 150 in place of 80; those rows have label
  ///   1.
  /// - step: the step of the random numbers.
  private static func series(oddDay: Int?, step: UInt64) -> Examples {
    let uniforms = Philox(seed: 5, stream: .sampling, step: step)
    var (values, labels): ([Double], [Int32]) = ([], [])
    var level = 20.0
    for hour in 0..<14 * 24 {
      let isBusy = (9...17).contains(hour % 24)
      let isOdd = isBusy && hour / 24 == oddDay
      let target = isOdd ? 150.0 : isBusy ? 80 : 20
      level = target + 0.2 * (level - target)
      for _ in 0..<12 {
        values.append(level * (1 + 0.1 * (2 * Double(uniforms.uniform(values.count)) - 1)))
        labels.append(isOdd ? 1 : 0)
      }
    }
    return Examples(
      count: values.count, shape: [1], elements: .doubles(values), labels: labels)
  }
}
