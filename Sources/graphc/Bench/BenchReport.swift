import GraphCompiler
import KernelRunner
import SourceText

/// What `graphc bench` found.
struct BenchReport {
  let program: Program
  let measurement: Measurement
  let threads: Int

  /// The measured time of some work, beside the roofs of the machine.
  struct Row {
    let work: StepWork
    let microseconds: Double
    let model: MachineModel

    var gigaflops: Double { microseconds > 0 ? Double(work.operations) / microseconds / 1000 : 0 }
    var gigabytes: Double { microseconds > 0 ? Double(work.byteCount) / microseconds / 1000 : 0 }
    var peakShare: Double { model.peak > 0 ? gigaflops / model.peak : 0 }
    var bound: Bound { model.bound(of: work) }

    var members: [(String, JSON)] {
      [
        ("microseconds", .double(microseconds)), ("operations", .int(work.operations)),
        ("bytes", .int(work.byteCount)), ("gigaflops", .double(gigaflops)), ("peakShare", .double(peakShare)),
        ("gigabytesPerSecond", .double(gigabytes)), ("bound", .string(bound.rawValue)),
      ]
    }
  }

  /// The roofs that were measured.
  private var model: MachineModel {
    var model = MachineModel.usual
    (model.peak, model.memoryBandwidth) = (measurement.peak, measurement.bandwidth)
    return model
  }

  /// One for each step.
  var rows: [Row] {
    zip(program.steps, measurement.steps).map { step, time in
      Row(work: program.work(of: step), microseconds: time, model: model)
    }
  }

  /// The network, measured as a whole.
  var whole: Row { Row(work: program.work, microseconds: measurement.network, model: model) }

  private var sum: Double { measurement.steps.reduce(0, +) }

  /// A step's part of the time of all steps.
  private func share(_ row: Row) -> Double { sum > 0 ? row.microseconds / sum : 0 }

  var text: String {
    var table = TextTable([.right, .left, .left, .right, .right, .right, .right, .left, .right])
    table.row("step", "kernel", "value", "us", "GFLOP/s", "% of peak", "GB/s", "bound", "share")
    for (place, row) in rows.enumerated() {
      let step = program.steps[place]
      let cells = Self.cells(row)
      table.row(
        "\(place + 1)", program.kernels[step.kernel].name, step.provenance.value, cells[0], cells[1],
        cells[2],
        cells[3], row.bound.rawValue, "\(Quantities.fixed(100 * share(row), 1)) %")
    }
    let cells = Self.cells(whole)
    table.row("", "whole network", "", cells[0], cells[1], cells[2], cells[3], whole.bound.rawValue, "")
    let machine =
      "\(Quantities.counted(threads, "thread")): peak \(Quantities.fixed(measurement.peak, 1)) GFLOP/s,"
      + " memory \(Quantities.fixed(measurement.bandwidth, 1)) GB/s;"
      + " medians of \(measurement.quietCount) quiet rounds of \(measurement.roundCount)"
    return (table.lines() + ["", machine]).map { $0.escapingControls + "\n" }.joined()
  }

  /// Microseconds, GFLOP/s, percent of the peak, GB/s.
  private static func cells(_ row: Row) -> [String] {
    let hasWork = row.work.operations > 0
    return [
      Quantities.fixed(row.microseconds, 1), hasWork ? Quantities.fixed(row.gigaflops, 1) : "-",
      hasWork ? Quantities.fixed(100 * row.peakShare, 1) : "-", Quantities.fixed(row.gigabytes, 1),
    ]
  }

  var json: JSON {
    let steps = zip(program.steps, rows).enumerated().map { place, pair in
      let (step, row) = pair
      let names: [(String, JSON)] = [
        ("step", .int(place + 1)), ("kernel", .string(program.kernels[step.kernel].name)),
        ("value", .string(step.provenance.value)),
      ]
      return JSON.object(names + row.members + [("share", .double(share(row)))])
    }
    return .object([
      ("graph", .string(program.name)), ("threads", .int(threads)), ("peak", .double(measurement.peak)),
      ("bandwidth", .double(measurement.bandwidth)), ("rounds", .int(measurement.roundCount)),
      ("quietRounds", .int(measurement.quietCount)), ("steps", .array(steps)),
      ("network", .object(whole.members)),
    ])
  }

  /// The steps under the roofs.
  var picture: RooflinePicture {
    let dots = zip(program.steps, rows).map { step, row in
      let kernel = program.kernels[step.kernel]
      let tooltip =
        "\(kernel.name): \(step.provenance.value)\n\(Quantities.fixed(row.microseconds, 1)) us, "
        + "\(Quantities.fixed(row.gigaflops, 1)) GFLOP/s, \(Quantities.fixed(row.gigabytes, 1)) GB/s"
      return RooflinePicture.Dot(
        tooltip: tooltip, intensity: row.work.intensity, gigaflops: row.gigaflops, share: share(row),
        workClass: WorkClass(kernel.equations))
    }
    return RooflinePicture(
      title: "\(program.name): roofline", peak: measurement.peak, bandwidth: measurement.bandwidth, dots: dots
    )
  }
}
