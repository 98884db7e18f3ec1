// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that nobody who builds the project builds its benchmarks. `Sources/CSQLite` and
// `Sources/CZlib` are links to the project's own system modules.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "reunite-benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["libz-dev"])]),
        .executableTarget(name: "reunite-bench", dependencies: ["CSQLite", "CZlib"], swiftSettings: settings),
    ]
)
