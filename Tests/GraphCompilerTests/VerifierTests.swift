import SourceText
import Testing

@testable import GraphCompiler

/// Breaks one clause of the contract in a sound graph.
struct BrokenGraph: Sendable, CustomTestStringConvertible {
  var violation: String
  var breakIt: @Sendable (inout Graph) -> Void

  var testDescription: String { violation }

  init(_ violation: String, _ breakIt: @escaping @Sendable (inout Graph) -> Void) {
    self.violation = violation
    self.breakIt = breakIt
  }
}

@Suite struct VerifierTests {
  static let text = """
    graph net {
      input x: f32[2, 3]
      param w: f32[3] = [1, 2, 3]
      const c: f32[] = 2
      kernel {
        a = mul(x, w)
        b = add(a, c)
      }
      y = relu(b)
      output y
      train {
        input t: f32[2, 3]
        d = sub(y, t)
        loss = reduce_sum(d, keep: false)
        minimize loss
        with sgd(rate: 0.1)
        freeze w
      }
    }
    """

  @Test func soundGraph() throws {
    let graph = try parse(Self.text).graph
    #expect(GraphVerifier.violations(graph) == [])
  }

  static let cases: [BrokenGraph] = [
    BrokenGraph("the graph's name 'a b' is not a word") { $0.name = "a b" },
    BrokenGraph("value 99 is not in the table of 9 values") { $0.outputs[0].value = Value(index: 99) },
    BrokenGraph("two values are named 'a'") { $0[$0.nodes[1].results[0]].name = "a" },
    BrokenGraph("'2a' is not a path") { $0[$0.nodes[1].results[0]].name = "2a" },
    BrokenGraph("'true' is not a path") { $0[$0.nodes[1].results[0]].name = "true" },
    BrokenGraph("'x' is defined 2 times") { $0.inputs.append($0.inputs[0]) },
    BrokenGraph("'c' is used but not defined") { $0.constants = [] },
    BrokenGraph("'w' is listed as a parameter, but says that it is something else") {
      $0[$0.parameters[0]].source = .input
    },
    BrokenGraph("'a' is used by 'b' before it is defined") { $0.nodes.swapAt(0, 1) },
    BrokenGraph("'t' is used by 'y' before it is defined") { $0.nodes[2].operands = $0.train!.inputs },
    BrokenGraph("'x' is negative or too large, f32[-1, 3]") { $0[$0.inputs[0]].type.shape[0] = -1 },
    BrokenGraph("'y' is f32[2, 4], its type rule gives f32[2, 3]") {
      $0[$0.nodes[2].results[0]].type.shape[1] = 4
    },
    BrokenGraph("the attributes of 'loss' are not written out") {
      $0.train!.nodes[1].op = ReduceSum(axes: [], keep: false)
    },
    BrokenGraph("'b' does not type: 'add' takes (a, b), found 1 operands") {
      $0.nodes[1].operands.removeLast()
    },
    BrokenGraph("'w' is f32[3], its elements are f32[2]") {
      $0[$0.parameters[0]].source = .parameter(.data(TensorData(TensorType(.f32, [2]), .f32([1, 2]))))
    },
    BrokenGraph("the elements of 'w' do not fill f32[3]") {
      $0[$0.parameters[0]].source = .parameter(.data(TensorData(TensorType(.f32, [3]), .f32([1, 2]))))
    },
    BrokenGraph("the elements of 'w' do not fill f32[3]") {
      $0[$0.parameters[0]].source = .parameter(
        .data(TensorData(TensorType(.f32, [3]), .integers([1, 2, 3]))))
    },
    BrokenGraph("kernel 0 is torn apart by others before 'd'") { $0.train!.nodes[0].group = 0 },
    BrokenGraph("the graph has no output") { $0.outputs = [] },
    BrokenGraph("two outputs are named 'y'") { $0.outputs.append($0.outputs[0]) },
    BrokenGraph("the output name 'y-z' is not a path") { $0.outputs[0].name = "y-z" },
    BrokenGraph("output 'a' is 'y', although a value has that name") { $0.outputs[0].name = "a" },
    BrokenGraph("output 'loss' comes from the train section") {
      $0.outputs.append(.init(name: "loss", value: $0.train!.loss!))
    },
    BrokenGraph("the loss 'd' is f32[2, 3], not a single floating-point number") {
      $0.train!.loss = $0.train!.nodes[0].results[0]
    },
    BrokenGraph("the train section has no loss") { $0.train!.loss = nil },
    BrokenGraph("the train section has several 'with'") {
      $0.train!.directives.append($0.train!.directives[0])
    },
    BrokenGraph("in 'with', no optimizer is called 'sgdd'") { $0.train!.directives[0].names = ["sgdd"] },
    BrokenGraph("'v' is frozen, but no parameter is called so") { $0.train!.directives[1].names = ["v"] },
  ]

  @Test(arguments: cases) func violation(_ broken: BrokenGraph) throws {
    var graph = try parse(Self.text).graph
    broken.breakIt(&graph)
    #expect(GraphVerifier.violations(graph).contains(broken.violation), "\(GraphVerifier.violations(graph))")
  }
}
