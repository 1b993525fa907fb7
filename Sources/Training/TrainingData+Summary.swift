import Datasets
import Layers
import Recipes
import Reports

extension TrainingData {
  /// The lines of `summary`.
  /// - Parameters:
  ///   - data: the training data set, as it was read.
  ///   - other: the validation data set, if it is another.
  func describe(_ recipe: Recipe, _ data: Dataset, _ other: Dataset?) -> [String] {
    let count = training.count + (heldOutRows?.count ?? 0)
    let details = data.details.isEmpty ? "" : " (\(data.details.joined(separator: "; ")))"
    let limited = training.windows == nil ? count : data.training.count
    let first = recipe.limit.map { $0 <= limited } == true ? "the first " : ""
    let stride = recipe.dataOptions.stride
    let every = training.windows == nil || stride == 1 ? "" : ", one every \(stride) rows,"
    var parts = [first + "\(data.training.counted(count))\(every) of \(data.name)\(details)"]
    parts.append(judged(recipe, other))
    if let scaled = scaled(recipe) { parts.append(scaled) }
    func size(_ rows: StoredRows) -> String {
      "\(AvailableMemory.text(rows.storedByteCount)) of \(rows.element.rawValue)"
    }
    if let stored = training.stored {
      parts.append("\(size(stored)), which are read from their files while training")
    }
    if let stored = validation?.stored {
      parts.append("validation reads \(size(stored)) from their files")
    }
    var notes = data.notes + (other?.notes.map { "\(other!.name): \($0)" } ?? [])
    if let constant = constantFeatures(data) { notes.append(constant) }
    if case .variational = recipe.model.latent, recipe.model.loss.reduction == .mean {
      notes.append(
        "loss.reduction is mean: the mean over an example's values is added to the whole KL "
          + "divergence, which then has \(Numbers.grouped(training.featureCount)) times its weight in the "
          + "evidence lower bound; set loss.reduction to batchMean unless you want that")
    }
    return [parts.joined(separator: "; ")] + notes
  }

  /// The validation examples.
  private func judged(_ recipe: Recipe, _ other: Dataset?) -> String {
    guard let validation else {
      return recipe.validation == .none ? "no validation" : "no test examples, so no validation"
    }
    let count = Numbers.grouped(validation.count)
    switch recipe.validation {
    case .fraction:
      return "\(count) of them held out for validation by seed \(recipe.seed)"
        + (validation.labels == nil ? "" : ", stratified by class")
    case .last where validation.windows != nil:
      return
        "\(count) windows of the last \(Numbers.grouped(validation.rowCount)) rows held out for "
        + "validation"
    case .last: return "the last \(count) of them held out for validation"
    case .data: return "validation on \(validation.counted(validation.count)) of \(other!.name)"
    case .test, .none: return "validation on \(count) test examples"
    }
  }

  private func scaled(_ recipe: Recipe) -> String? {
    let divided = training.areBytes && recipe.preparation != .none ? "divided by 255" : nil
    switch recipe.preparation {
    case .none, .unit: return divided
    case .mean: return [divided, "minus the mean"].compactMap(\.self).joined(separator: ", ")
    case .standard:
      return [divided, "scaled to mean 0 and variance 1"].compactMap(\.self)
        .joined(separator: ", ")
    }
  }

  /// Columns that are 0 after their mean is subtracted.
  private func constantFeatures(_ data: Dataset) -> String? {
    guard let scaling, !scaling.shift.isEmpty, training.count > 1, let names = data.featureNames
    else { return nil }
    let constant = constantFeatures(of: names.count)
    guard !constant.isEmpty else { return nil }
    return
      "\(constant.count) \(constant.count == 1 ? "column is constant and becomes" : "columns are constant and become") "
      + "0 when scaled: " + constant.prefix(8).map { names[$0] }.joined(separator: ", ")
      + (constant.count > 8 ? " and \(constant.count - 8) more" : "")
  }

  private func constantFeatures(of count: Int) -> [Int] {
    if let stored = training.stored { return stored.constantFeatures }
    guard case .floats(let values) = training.elements else { return [] }
    var isConstant = [Bool](repeating: true, count: count)
    for (index, value) in values.enumerated() where value != 0 {
      isConstant[index % count] = false
    }
    return isConstant.indices.filter { isConstant[$0] }
  }
}

extension Examples {
  /// `300 rows, 12 columns`, `60,000 images 28×28 gray`, `5 examples [3, 4]`
  fileprivate func counted(_ count: Int) -> String {
    func plural(_ count: Int, _ one: String) -> String {
      "\(Numbers.grouped(count)) \(one)\(count == 1 ? "" : "s")"
    }
    if let windows {
      return plural(count, "window") + " of " + plural(windows.length, "row") + ", "
        + plural(rowSize, "column")
    }
    switch shape.count {
    case 1: return plural(count, "row") + ", " + plural(shape[0], "column")
    case 3 where imageShape != nil:
      return plural(count, "image") + " \(shape[1])×\(shape[0]) \(shape[2] == 1 ? "gray" : "RGB")"
    default: return plural(count, "example") + " \(shape)"
    }
  }
}
