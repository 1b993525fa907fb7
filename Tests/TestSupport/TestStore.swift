import Graphs
import Plans

package let noParameters = ParameterLayout([(name: String, shape: Shape)]())

extension StoreLayout {
  /// A store for plans that touch no parameters and no examples; their counters are there.
  package static let empty = StoreLayout(
    parameters: noParameters, momentCount: 0, seed: 0,
    feeds: [.training: FeedLayout(examples: TensorType([1, 1]), stepCount: 1, partCount: 1)])
}
