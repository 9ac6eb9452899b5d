import LoopIR
import SourceText

/// The text of one file as a tree: what stands there, not yet what it means.
struct FileSyntax: Sendable {
  /// Nil where the file has none or its header could not be read.
  var graph: DefinitionSyntax?
  var blocks: [DefinitionSyntax] = []
  /// Blocks that exist but could not be read; their uses are not blamed.
  var brokenBlocks: Set<String> = []
}

/// A name or dotted path where it is written.
struct NameSyntax: Sendable {
  var text: String
  var range: SourceRange
}

/// `graph name(parameters) { … }` or `block name(parameters) { … }`.
struct DefinitionSyntax: Sendable {
  struct Parameter: Sendable {
    var name: NameSyntax
    var defaultValue: ExpressionSyntax?
  }

  var name: NameSyntax
  var parameters: [Parameter]
  var body: [StatementSyntax]
}

struct StatementSyntax: Sendable {
  indirect enum Kind: Sendable {
    case input(NameSyntax, TypeSyntax)
    case output(NameSyntax, ExpressionSyntax?)
    case parameter(NameSyntax, TypeSyntax, ExpressionSyntax?)
    case constant(NameSyntax, TypeSyntax?, ExpressionSyntax)
    case weights(String)
    case train([StatementSyntax])
    case kernel([StatementSyntax])
    case returning([ExpressionSyntax])
    case assignment([NameSyntax], ExpressionSyntax)
    case expression(ExpressionSyntax)
    case minimize(ExpressionSyntax)
    case directive(TrainDirective.Kind, CallSyntax)
    case freeze([NameSyntax])
    /// A statement that could not be read, with the names that it seems to define.
    case broken([String])
  }

  var kind: Kind
  var range: SourceRange
}

/// `f32[N, 3]`.
struct TypeSyntax: Sendable {
  var element: ElementType
  var extents: [ExpressionSyntax]
  var range: SourceRange
}

struct ExpressionSyntax: Sendable {
  indirect enum Kind: Sendable {
    case literal(Attribute)
    case list([ExpressionSyntax])
    case path(String)
    /// Stands for an operand in the examples of operators.
    case type(TypeSyntax)
    case call(CallSyntax)
    case negation(ExpressionSyntax)
    /// Operations of one precedence, from left to right.
    case operations(ExpressionSyntax, [OperationSyntax])
    case chain(ExpressionSyntax, [StageSyntax])
  }

  var kind: Kind
  var range: SourceRange
}

/// The right-hand part of `a + b`.
struct OperationSyntax: Sendable {
  var sign: InfixOperator
  var right: ExpressionSyntax
}

/// Infix operators; the raw value is the name of the operator that does the same to tensors.
enum InfixOperator: String, Sendable {
  case add, sub, mul, div, pow
  case equal
  case notEqual = "not_equal"
  case less
  case lessEqual = "less_equal"
  case greater
  case greaterEqual = "greater_equal"
}

/// `conv(6, kernel: 5)`, or a bare `relu` as a stage of a chain.
struct CallSyntax: Sendable {
  var name: NameSyntax
  var arguments: [ArgumentSyntax]
  var range: SourceRange
}

struct ArgumentSyntax: Sendable {
  var name: NameSyntax?
  var value: ExpressionSyntax

  var range: SourceRange { name.map { $0.range.union(value.range) } ?? value.range }
}

/// What stands behind a `->`: `label: call * factor` or `label: [stages] * factor`.
struct StageSyntax: Sendable {
  indirect enum Body: Sendable {
    case call(CallSyntax)
    case group([StageSyntax])
  }

  var label: NameSyntax?
  var body: Body
  var factor: ExpressionSyntax?
  var range: SourceRange
}
