// Stands in until the printers of the loop IR, the memory planner and the graph pipeline land: delete this file then.
extension Equation { package var description: String { "" } }
extension Schedule { package var description: String { "" } }
extension Kernel { package var description: String { name } }
