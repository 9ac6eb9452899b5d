/// Loss, labels and optimizer: nothing that inference needs.
package let dropTraining = Pass<Graph>("drop-training", "removes the train section") { graph in
  var result = graph
  result.train = nil
  return result.renumbered
}
