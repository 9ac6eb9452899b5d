// LoopIR
