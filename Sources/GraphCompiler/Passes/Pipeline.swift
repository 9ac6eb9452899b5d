/// The passes of a compilation, in order, each with the reason for its place.
package enum Pipeline {
  package static let inference: [Pass<Graph>] = [
    // First: the loss keeps values alive that nobody else wants.
    dropTraining,
    // Before folding: a dropout between convolution and batch norm would hide the one from the other.
    eliminateIdentities,
    // Before expansion: it needs operators that are whole.
    foldBatchNorm,
    // After folding, for what found no weights to move into; before expansion too.
    scaleChannels,
    // From here on there are equations only.
    expandComposites,
    // After expansion, since bodies bring constants.
    foldConstants,
    // After expansion and folding, which make expressions and constants that are equal.
    eliminateCommonSubexpressions,
    // After everything that takes away uses.
    eliminateDeadNodes,
    // On the final nodes: any later rewrite could break the laws of groups.
    groupEpilogues,
    // Last: it moves whole groups, since values inside a group need no memory.
    orderNodes,
  ]

  /// Every pass over graphs, for `graphc opt --pass` and its help.
  package static let graphPasses: [Pass<Graph>] = inference

  /// The pass of that name.
  package static func graphPass(named name: String) -> Pass<Graph>? {
    graphPasses.first { $0.name == name }
  }
}
