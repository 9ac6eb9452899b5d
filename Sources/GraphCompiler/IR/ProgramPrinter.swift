import LoopIR
import SourceText

extension Program {
  /// The whole program; `ProgramParser` reads it back:
  ///
  ///     program net {
  ///       plan 128 bytes, at least 128
  ///
  ///       input x: f32[1, 6]
  ///       parameter w: f32[4, 6] in [0/16 1 0%16] at 64 = he_normal()
  ///       arena c: f32[1, 4] at 0
  ///       output y: f32[1, 4]
  ///       view a of c at 0
  ///
  ///       kernel fc_1 { … }
  ///
  ///       call fc_1(x, w, c) {
  ///         computes c by fc
  ///         operations 48
  ///         from "net.graph:3"
  ///         "c = fc(x, w)"
  ///       }
  ///     }
  ///
  /// Names of buffers and kernels may occur several times; the second `w` is written `w@2`.
  package var text: String {
    let names = (buffers: Self.written(buffers.map(\.name)), kernels: Self.written(kernels.map(\.name)))
    var writer = TextWriter()
    writer.block("program \(name) {") { writer in
      if arenaByteCount != 0 || arenaLowerBound != 0 {
        writer.line("plan \(arenaByteCount) bytes, at least \(arenaLowerBound)")
        writer.blank()
      }
      if largestWinogradError != .infinity {
        writer.line("winograd error \(Attribute.text(of: largestWinogradError))")
        writer.blank()
      }
      if registers != .widest {
        writer.line("registers \(registers)")
        writer.blank()
      }
      if weightElement != .f32 {
        writer.line("weights \(weightElement.rawValue)")
        writer.blank()
      }
      if !tuning.isEmpty {
        tuning.write(to: &writer)
        writer.blank()
      }
      if threads > 1 {
        writer.line("threads \(threads)")
        writer.blank()
      }
      for (buffer, name) in zip(buffers, names.buffers) { writer.line(buffer.text(name)) }
      for (piece, view) in views.sorted(by: { $0.key < $1.key }) {
        writer.line("view \(names.buffers[piece.index]) of \(names.buffers[view.of.index]) at \(view.byteOffset)")
      }
      for (kernel, name) in zip(kernels, names.kernels) {
        var kernel = kernel
        kernel.name = name
        writer.blank()
        kernel.write(to: &writer)
      }
      for step in steps {
        let arguments = step.arguments.map { names.buffers[$0.index] }.joined(separator: ", ")
        writer.blank()
        writer.block("call \(names.kernels[step.kernel])(\(arguments)) {") { writer in
          writer.lines(step.provenance.lines)
        }
      }
    }
    return writer.text
  }

  /// The tensors that the text names by `data("…")` because they are long, for `ProgramParser`.
  package var blobs: [String: TensorData] {
    TensorData.blobs(buffers.compactMap(\.source?.data))
  }

  private static func written(_ names: [String]) -> [String] {
    var counts = NameCounts()
    return names.map { counts.next($0) }
  }
}

/// Tells things of one name apart: `w`, `w@2`, `w@3`.
struct NameCounts {
  private var counts: [String: Int] = [:]

  /// How the next thing of that name is written.
  mutating func next(_ name: String) -> String {
    let count = counts[name, default: 0] + 1
    counts[name] = count
    return count == 1 ? name : "\(name)@\(count)"
  }
}

extension Buffer {
  /// `parameter w: f32[4, 6] in [0/16 1 0%16] at 64 from f32[4, 6, 1, 1] = he_normal()`; transformed filters
  /// have `from f32[16, 16, 3, 3] by winograd(4, 3)`.
  fileprivate func text(_ name: String) -> String {
    let place = layout == .plain(rank: type.rank) ? "" : " in \(layout)"
    let copies = copies == 1 ? "" : " times \(copies)"
    let offset = offset.map { " at \($0)" } ?? ""
    let method = transform.map { window in
      let taps = window.isStrip ? "\(window.rows.taps), \(window.columns.taps)" : "\(window.taps)"
      return " by winograd(\(window.outputs), \(taps))"
    } ?? ""
    let origin = sourceType == type ? "" : " from \(sourceType)\(method)"
    let contents =
      switch source {
      case .initializer(let initializer): " = \(initializer)"
      case .data(let data): " = \(data.literal)"
      case nil: ""
      }
    return "\(role.rawValue) \(name): \(type)\(place)\(copies)\(offset)\(origin)\(contents)"
  }
}

extension ParameterSource {
  fileprivate var data: TensorData? {
    if case .data(let data) = self { data } else { nil }
  }
}

extension Provenance {
  fileprivate var lines: [String] {
    var lines = ["computes \(value)" + (operators.isEmpty ? "" : " by \(operators.joined(separator: ", "))")]
    if operationCount != 0 { lines.append("operations \(operationCount)") }
    if !location.isEmpty { lines.append("from \(Attribute.string(location))") }
    return lines + statements.map { Attribute.string($0).description }
  }
}
