/// The notation in which operators write their expressions: `select(0 .< x, x, alpha * x)`.

package func exp(_ x: Scalar) -> Scalar { .unary(.exp, x) }
package func log(_ x: Scalar) -> Scalar { .unary(.log, x) }
package func tanh(_ x: Scalar) -> Scalar { .unary(.tanh, x) }
package func erf(_ x: Scalar) -> Scalar { .unary(.erf, x) }
package func abs(_ x: Scalar) -> Scalar { .unary(.absolute, x) }

package func max(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.maximum, a, b) }
package func min(_ a: Scalar, _ b: Scalar) -> Scalar { .binary(.minimum, a, b) }

/// `a` where the condition is not 0, else `b`.
package func select(_ condition: Scalar, _ a: Scalar, _ b: Scalar) -> Scalar { .select(condition, a, b) }

package func .< (left: Scalar, right: Scalar) -> Scalar { .binary(.less, left, right) }
package func .<= (left: Scalar, right: Scalar) -> Scalar { .binary(.lessEqual, left, right) }
package func .== (left: Scalar, right: Scalar) -> Scalar { .binary(.equal, left, right) }
package func .!= (left: Scalar, right: Scalar) -> Scalar { .binary(.notEqual, left, right) }
