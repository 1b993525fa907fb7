import Layers

extension Model {
  /// Throws if a layer's term or a phase has a reported name that something else has:
  /// `metrics.jsonl` would have one key with two values. Terms of layers may share a name with each
  /// other and with the loss's own term of their kind: these are added.
  func checkNames(_ field: FieldReader) throws(RecipeError) {
    let parts: [LossPart]
    do { parts = try lossParts() } catch { throw field.error(error) }
    for part in parts {
      guard let place = part.layer, part.phase == nil else { continue }
      let others = parts.filter { $0.layer == nil && $0.kind != part.kind }
      guard let taken = Self.names(others, with: part.name) else { continue }
      throw try layersField(of: place.part, in: field).list()[place.index].error(
        Self.expected("a term", taken), received: part.name)
    }
    for (index, phase) in phases.enumerated() {
      let own = phase.minimises.compactMap {
        if case .term(let term) = $0 { "\(term)" } else { nil }
      }
      // The first phase's loss is the model's; only its terms have other names.
      guard index > 0 || !own.isEmpty else { continue }
      let others = parts.filter { part in
        index > 0 ? part.phase != phase.name : !own.contains(part.kind ?? "")
      }
      guard let taken = Self.names(others, with: phase.name) else { continue }
      throw try field.required("phases").list()[index].required("name")
        .error(Self.expected("a phase", taken))
    }
  }

  /// The reported names of these, if `name` is one of them.
  private static func names(_ parts: [LossPart], with name: String) -> [String]? {
    var names = ["loss"]
    for name in parts.flatMap({ [$0.name, $0.unweightedName] }).compactMap(\.self)
    where !names.contains(name) {
      names.append(name)
    }
    return names.contains(name) ? names : nil
  }

  private static func expected(_ what: String, _ taken: [String]) -> String {
    "\(what) with a unique reported name; these are in use: \(taken.joined(separator: ", "))"
  }
}
