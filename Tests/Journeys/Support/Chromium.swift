import Foundation
import Testing

/// The scripts of Tests/Browser, each of which drives a real browser.
enum Chromium {
    /// The Python that `scripts/setup` made for them, in the build folder beside the tests; nil where it, or the
    /// browser, is not installed.
    static let python: String? = {
        guard FileManager.default.isExecutableFile(atPath: browser) else { return nil }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appending(path: "browser/bin/python").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        return nil
    }()

    static var isInstalled: Bool { python != nil }

    static let missing: Comment =
        "no browser: scripts/setup installs chromium from apt, and Playwright and axe-core from PyPI"

    private static var browser: String {
        ProcessInfo.processInfo.environment["CHROMIUM"] ?? "/usr/bin/chromium"
    }

    static func script(_ name: String) -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return tests.appending(path: "Browser/\(name)").path
    }
}

extension Network {
    /// Runs a script of Tests/Browser, which must find everything as promised.
    @discardableResult
    func inBrowser(
        _ script: String, _ arguments: String..., location: SourceLocation = #_sourceLocation
    ) async throws -> Ran {
        let python = try #require(Chromium.python, Chromium.missing)
        let ran = try await running(python, ["-B", Chromium.script(script)] + arguments).finish(within: 600)
        #expect(ran.status == 0, "\(ran)", sourceLocation: location)
        return ran
    }

    /// Starts pages that print the address that opens them. They end with the network.
    func pages(_ arguments: String...) async throws -> String {
        try await helper(program, arguments).line(after: "open ")
    }
}
