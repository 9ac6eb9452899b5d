import Foundation
@testable import GraphCompiler
import LoopIR
import SourceText
import KernelRunner
@main
struct Main {
  static func main() throws {
    let path = CommandLine.arguments[1]
    let file = SourceFile(path: path, text: try String(contentsOfFile: path, encoding: .utf8))
    var g: Graph
    do {
      var o = GraphParser.Options()
      for s in CommandLine.arguments.dropFirst(3) { let p = s.split(separator: "="); o.settings[String(p[0])] = Int(p[1]) }
      g = try GraphParser.parse(file, options: o).graph } catch {
      for d in error.diagnostics { print(d.message) }
      exit(1)
    }
    let clock = ContinuousClock()
    var t = clock.now
    func lap(_ s: String) { let n = clock.now; print(s, n - t); t = n }
    g = try dropTraining(g); g = try eliminateDeadNodes(g); g = try expandComposites(g)
    lap("graph")
    var p = lowerToProgram(g); lap("lower")
    for pass in ProgramPipeline.passes { p = try pass(p); lap(pass.name) }
    let bundle = SourceBundle(p, .init(sourceName: "bench.graph")); lap("bundle")
    for (path, contents) in bundle.files {
      let url = URL(fileURLWithPath: CommandLine.arguments[2] + "/" + path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(contents).write(to: url)
    }
    lap("write")
    do { let n = try CompiledNetwork(p)
      lap("cc")
    let ins = p.buffers.filter { $0.role == .input }.map { b in (0..<b.type.count).map { Float(($0 * 7919) % 101) / 101.0 - 0.5 }.withUnsafeBytes { Array($0) } }
    let outs = n.run(ins); lap("run")
    print(outs[0].withUnsafeBytes { Array($0.bindMemory(to: Float.self).prefix(10)) })
    } catch { print(error) }
  }
}
