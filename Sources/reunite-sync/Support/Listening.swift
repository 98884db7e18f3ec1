import ArgumentParser

/// HOST:PORT, as `--listen` takes it.
struct Listening {
    let host: String
    let port: Int

    /// - Throws: `ValidationError` when it is not one, with the example.
    init(_ text: String, example: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw ValidationError("--listen must be HOST:PORT, for example \(example).") }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { throw ValidationError("--listen needs a host, for example \(example).") }
        self.host = host
        self.port = port
    }
}
