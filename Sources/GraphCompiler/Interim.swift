// Stands in until the printers of the loop IR, the memory planner and the graph pipeline land: delete this file then.
import LoopIR
package struct BufferLifetime { var name: String; var byteCount: Int; var first: Int; var last: Int; var alignment: Int }
enum MemoryPlanner { static func plan(_ l: [BufferLifetime]) -> (offsets: [Int], peak: Int, lowerBound: Int) {
  var o: [Int] = []; var n = 0
  for b in l { o.append(n); n += b.byteCount }
  return (o, n, n) } }
enum Pipeline { static let inference: [Pass<Graph>] = [dropTraining, eliminateDeadNodes, expandComposites] }
