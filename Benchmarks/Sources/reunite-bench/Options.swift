/// What the command line asks for.
struct Options {
    enum Output {
        case text
        case markdown
        case json
    }

    var rows = 20_000
    var repetitions = 5
    var seed: UInt64 = 7
    /// Rows of the table of targets; empty means all.
    var only: Set<Int> = []
    /// Row changes of the deltas of rows 6 and 7, at full size.
    var deltas = [178, 3634, 36_544]
    var variations = false
    /// Measure a bad line instead.
    var line = false
    /// How much faster than the true one that line is.
    var speed = 50
    /// Part of a name, to run only some of the variations.
    var like: String?
    var calibrate = false
    var printsSQL = false
    /// Write the small deltas' payloads here, and measure nothing but coding them.
    var payloads: String?
    var output = Output.text
    /// Where the measured databases go; nil for a RAM disk or the temporary folder.
    var directory: String?

    static let usage = """
        usage: reunite-bench [options]

          --rows N        rows of the bulk load (20000; the targets are about 200000)
          --reps N        repetitions, interleaved (5)
          --only 1,2,3    only these rows of the table of targets
          --deltas 178    only deltas of these sizes in rows 6 and 7 (178,3634,36544)
          --variations    other forms of the change journal instead of the table of targets
          --line          a large delivery over 2G that is cut every 20 s, and a sync with nothing to say
          --speed N       with --line: time scaled by N (50); 1 takes an hour
          --like TEXT     only the variations with this in their name
          --calibrate     how well the generated text compresses, and nothing else
          --payloads DIR  the payloads of 50, 178 and 2,000 changes as files, and the time that they take
          --sql           the tables, the manifest's rows and the journal as SQL, and nothing else
          --seed N        another workload (7)
          --dir PATH      where to put the databases (a RAM disk if there is one)
          --markdown      print a Markdown table
          --json          print JSON

        """

    /// Throws a ``BenchError`` that says what was not understood.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--rows": rows = try Self.number(&rest, argument, least: 2000)
            case "--reps": repetitions = try Self.number(&rest, argument, least: 1)
            case "--seed": seed = UInt64(try Self.number(&rest, argument, least: 0))
            case "--dir": directory = rest.popFirst()
            case "--like": like = rest.popFirst()
            case "--deltas":
                deltas = (rest.popFirst() ?? "").split(separator: ",").compactMap { Int($0) }
                guard !deltas.isEmpty else { throw BenchError("--deltas wants sizes, for example 178,3634") }
            case "--variations": variations = true
            case "--line": line = true
            case "--speed": speed = try Self.number(&rest, argument, least: 1)
            case "--sql": printsSQL = true
            case "--payloads": payloads = rest.popFirst()
            case "--calibrate": calibrate = true
            case "--markdown": output = .markdown
            case "--json": output = .json
            case "--only":
                let list = rest.popFirst() ?? ""
                only = Set(list.split(separator: ",").compactMap { Int($0) })
                guard !only.isEmpty else { throw BenchError("--only wants numbers of rows, for example 1,2,3") }
            default: throw BenchError("unknown option \(argument)\n\n\(Self.usage)")
            }
        }
    }

    func wants(_ row: Int) -> Bool { only.isEmpty || only.contains(row) }

    private static func number(_ rest: inout ArraySlice<String>, _ name: String, least: Int) throws -> Int {
        guard let text = rest.popFirst(), let number = Int(text), number >= least else {
            throw BenchError("\(name) wants a number, at least \(least)")
        }
        return number
    }
}
