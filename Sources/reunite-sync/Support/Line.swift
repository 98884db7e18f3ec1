import ReUniteSync

/// Text for a person's terminal. What the program itself says stands in it as it is; what was put in from data is made
/// printable first, so that nothing that somebody typed steers a terminal, or passes for a line of the program's.
struct Line: ExpressibleByStringInterpolation, CustomStringConvertible {
    private(set) var description: String

    init(stringLiteral value: String) {
        description = value
    }

    init(stringInterpolation: Interpolation) {
        description = stringInterpolation.text
    }

    private init(_ description: String) {
        self.description = description
    }

    static func + (left: Line, right: Line) -> Line { Line(left.description + right.description) }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += Printable.text(value.description)
        }

        mutating func appendInterpolation(_ line: Line) {
            text += line.description
        }
    }
}

/// Prints on standard output. The only way there for what people read; JSON and CSV, which are exact, go by
/// ``Output/exact(_:)``.
func say(_ line: Line, end: String = "\n") {
    Output.exact(line.description + end)
}
