import LoopIR
import SourceText

/// Updates by the mean gradient of several batches: `accumulate` adds those of one batch to sums that the state holds,
/// `update` divides them by the number of batches since the last one.
extension TrainingGraphs {
  mutating func accumulate() throws(CompileError) -> TrainingPlan.Function {
    var work = try differentiated(counter: TrainingPlan.batchState)
    var updates: [TrainingPlan.Update] = []
    let batch = state(TrainingPlan.batchState, TensorType(.i64, []), &work.builder)
    let pending = state(TrainingPlan.pendingState, TensorType(.i64, []), &work.builder)
    do throws(OpError) {
      for counter in [batch, pending] {
        let next = try work.builder.apply(Add(), counter, work.builder.scalar(1, .i64))
        updates.append(add(next, for: work.builder.graph[counter].name, &work.builder))
      }
      let isFirst = try work.builder.apply(Equal(), pending, work.builder.scalar(0, .i64))
      for (parameter, gradient) in work.pairs {
        let info = work.builder.graph[parameter]
        let sum = state(TrainingPlan.sumState(info.name), info.type, &work.builder)
        let zero = work.builder.scalar(0, info.type.element)
        let earlier = try work.builder.apply(Where(), isFirst, zero, sum)
        let next = try work.builder.apply(Add(), earlier, gradient)
        updates.append(add(next, for: TrainingPlan.sumState(info.name), &work.builder))
      }
    } catch {
      throw CompileError("accumulation", error.message, at: .unknown, kind: error.kind, help: error.help)
    }
    for (parameter, value) in work.statistics {
      updates.append(add(value, for: work.builder.graph[parameter].name, &work.builder))
    }
    return TrainingPlan.Function(
      name: "accumulate",
      summary: "Adds the gradients of one batch to sums that the state holds: forward, loss, backward.",
      graph: work.builder.graph, updates: updates)
  }

  mutating func updateByMeans() throws(CompileError) -> TrainingPlan.Function {
    var builder = GraphBuilder(name: network.name)
    let pending = state(TrainingPlan.pendingState, TensorType(.i64, []), &builder)
    var pairs: [(parameter: Value, gradient: Value)] = []
    var updates: [TrainingPlan.Update] = []
    do throws(OpError) {
      let count = try builder.apply(Max(), pending, builder.scalar(1, .i64))
      for value in trained {
        let info = network[value]
        guard case .parameter(let source) = info.source else { continue }
        let sum = state(TrainingPlan.sumState(info.name), info.type, &builder)
        let parameter = builder.parameter(info.name, info.type, source)
        let divisor = try builder.converted(count, like: sum)
        pairs.append((parameter, try builder.apply(Div(), sum, divisor)))
      }
      let none = try builder.apply(Sub(), pending, pending)
      updates.append(add(none, for: TrainingPlan.pendingState, &builder))
    } catch {
      throw CompileError("accumulation", error.message, at: .unknown, kind: error.kind, help: error.help)
    }
    updates = try addUpdates(&builder, pairs) + updates
    return TrainingPlan.Function(
      name: "update",
      summary: "Changes the parameters by the mean gradient of the batches that were accumulated.",
      graph: builder.graph, updates: updates)
  }
}
