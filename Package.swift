// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "reunite-sync",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "ReUniteSync", targets: ["ReUniteSync"]),
        .library(name: "ReUniteReplica", targets: ["ReUniteReplica"]),
        .library(name: "ReUniteHub", targets: ["ReUniteHub"]),
        .executable(name: "reunite-sync", targets: ["reunite-sync"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", .upToNextMinor(from: "7.10.0")),
        .package(url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.1")),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", .upToNextMinor(from: "2.1.1")),
        .package(url: "https://github.com/swift-server/async-http-client", .upToNextMinor(from: "1.37.0")),
        .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
        .package(url: "https://github.com/apple/swift-http-types", .upToNextMinor(from: "1.8.0")),
        .package(url: "https://github.com/apple/swift-nio", .upToNextMinor(from: "2.101.2")),
        .package(url: "https://github.com/apple/swift-nio-ssl", .upToNextMinor(from: "2.37.6")),
        .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
        .package(url: "https://github.com/apple/swift-log", .upToNextMinor(from: "1.16.2")),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", .upToNextMinor(from: "2.13.0")),
    ],
    targets: [
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["libz-dev"])]),
        .target(name: "ReUniteSync", dependencies: ["CZlib", crypto], swiftSettings: settings),
        .target(
            name: "ReUniteSchemas", path: "Schemas", exclude: ["README.md", "wire"],
            sources: ["Schemas.swift"],
            resources: [
                .embedInCode("engine/manifest.sql"), .embedInCode("engine/replica.sql"),
                .embedInCode("engine/hub.sql"),
                .embedInCode("engine/replica_001_kept_cells.sql"),
                .embedInCode("engine/replica_002_taken.sql"),
                .embedInCode("engine/hub_001_newer_batches.sql"),
                .embedInCode("engine/hub_002_keys_and_lives.sql"),
                .embedInCode("engine/hub_003_operators.sql"),
                .embedInCode("engine/hub_004_hub_keys.sql"),
                .embedInCode("engine/hub_005_first_words.sql"),
                .embedInCode("engine/hub_006_taken.sql"),
                .embedInCode("engine/hub_007_held_again.sql"),
                .embedInCode("network/001_network.sql"),
                .embedInCode("network/002_case.sql"),
                .embedInCode("network/003_referral.sql"),
                .embedInCode("network/004_disclosure.sql"),
                .embedInCode("network/005_support.sql"),
                .embedInCode("network/006_homes.sql"),
                .embedInCode("network/007_identity.sql"),
                .embedInCode("network/008_referral_life.sql"),
                .embedInCode("network/009_caseload.sql"),
                .embedInCode("network/010_proposals.sql"),
                .embedInCode("network/012_attention.sql"),
                .embedInCode("network/013_duties.sql"),
                .embedInCode("network/014_visits.sql"),
                .embedInCode("network/015_own_notes.sql"),
                .embedInCode("network/016_areas.sql"),
                .embedInCode("network/017_measured_against.sql"),
                .embedInCode("network/018_partner_work.sql"),
                .embedInCode("network/019_homes_and_services.sql"),
                .embedInCode("network/020_people.sql"),
                .embedInCode("network/021_sentence.sql"),
                .embedInCode("network/022_children.sql"),
                .embedInCode("network/023_plan.sql"),
                .embedInCode("network/024_outcomes.sql"),
                .embedInCode("network/025_doubts.sql"),
                .embedInCode("network/026_worked_out.sql"),
                .embedInCode("network/027_given_out.sql"),
                .embedInCode("network/028_desk.sql"),
                .embedInCode("network/029_review_homes.sql"),
                .embedInCode("network/030_questions_and_headings.sql"),
                .embedInCode("network/031_more_doubts.sql"),
                .embedInCode("network/032_decided_and_bounded.sql"),
                .embedInCode("network/033_who_counts.sql"),
                .embedInCode("network/034_typed_with_care.sql"),
                .embedInCode("network/036_where_and_how_far.sql"),
                .embedInCode("network/reference.sql"),
                .embedInCode("network/reference_programme.sql"),
            ], swiftSettings: settings),
        .target(
            name: "ReUniteReplica", dependencies: ["ReUniteSchemas", "ReUniteSync", "CSQLite", grdb],
            swiftSettings: settings),
        .target(
            name: "ReUniteHub",
            dependencies: [
                "ReUniteReplica", "ReUniteSchemas", "ReUniteSync", "CSQLite", grdb, crypto,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: settings),
        .target(
            name: "ReUniteTransport",
            dependencies: [
                "ReUniteReplica", "ReUniteSync",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: settings),
        .target(
            name: "ReUniteProgramme", dependencies: ["ReUniteReplica", "ReUniteSync", grdb, crypto],
            swiftSettings: settings),
        .target(
            name: "ReUniteInvented",
            dependencies: [
                "ReUniteHub", "ReUniteProgramme", "ReUniteReplica", "ReUniteSync", "ReUniteTransport", grdb,
            ],
            swiftSettings: settings),
        .target(
            name: "ReUnitePages",
            dependencies: [
                "ReUniteHub", "ReUniteProgramme", "ReUniteReplica", "ReUniteSync", crypto,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [
                // Folders: every file in them. Names are the module's own, so no two files have one name.
                .embedInCode("Common/Templates"), .embedInCode("Console/Templates"), .embedInCode("Desk/Templates"),
            ], swiftSettings: settings),
        .executableTarget(
            name: "reunite-sync",
            dependencies: [
                "ReUniteSync", "ReUniteReplica", "ReUniteHub", "ReUniteTransport", "ReUniteProgramme", "ReUnitePages",
                "ReUniteInvented", "ReUniteSchemas", crypto, grdb,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: settings),
        .target(name: "TestMessages", dependencies: ["ReUniteSync"], path: "Tests/Messages", swiftSettings: settings),
        .testTarget(
            name: "ReUniteSyncTests", dependencies: ["ReUniteSync", "TestMessages", crypto], exclude: ["Vectors"],
            swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: [
                "ReUniteReplica", "ReUniteSync", "CSQLite", grdb, crypto,
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Support", swiftSettings: settings),
        .testTarget(
            name: "ReUniteReplicaTests",
            dependencies: ["TestSupport", "ReUniteReplica", "ReUniteSync", "ReUniteSchemas", "CSQLite", grdb, crypto],
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "TestMessages", "TestSupport", "ReUniteHub", "ReUniteInvented", "ReUnitePages", "ReUniteProgramme",
                "ReUniteReplica", "ReUniteSync", "ReUniteSchemas", "ReUniteTransport", "CSQLite", grdb, crypto,
                .product(name: "Logging", package: "swift-log"),
            ], path: "Tests/Simulation", swiftSettings: settings),
        .target(name: "TestLine", path: "Tests/Line", swiftSettings: settings),
        .testTarget(
            name: "ReUniteTransportTests",
            dependencies: [
                "TestSupport", "TestLine", "ReUniteHub", "ReUniteReplica", "ReUniteSync", "ReUniteSchemas",
                "ReUniteTransport", grdb, .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: settings),
        .testTarget(
            name: "JourneyTests", dependencies: ["reunite-sync", "TestLine", "TestSupport"], path: "Tests/Journeys",
            swiftSettings: settings),
        .testTarget(
            name: "ReUniteHubTests",
            dependencies: [
                "TestSupport", "ReUniteHub", "ReUniteReplica", "ReUniteSync", "ReUniteSchemas", grdb, crypto,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ReUniteProgrammeTests",
            dependencies: [
                "TestSupport", "ReUniteProgramme", "ReUniteReplica", "ReUniteSync", "ReUniteSchemas", grdb, crypto,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ReUnitePagesTests",
            dependencies: [
                "TestSupport", "ReUnitePages", "ReUniteHub", "ReUniteProgramme", "ReUniteReplica", "ReUniteSync",
                "ReUniteSchemas",
                grdb,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ], swiftSettings: settings),
    ]
)

// Only for whoever measures: `REUNITE_BENCH=1 swift run -c release reunite-bench` (`docs/benchmarks.md`).
if Context.environment["REUNITE_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "reunite-bench",
            dependencies: [
                "ReUniteHub", "ReUniteReplica", "ReUniteSchemas", "ReUniteSync", "ReUniteTransport", "TestLine",
                "CSQLite", "CZlib", crypto, grdb, .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Sources/reunite-bench", swiftSettings: settings))
}

// Only for `make fuzz`: libFuzzer brings the main function (`docs/testing.md`).
if Context.environment["REUNITE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "reunite-fuzz", dependencies: ["TestMessages"], path: "Fuzz", exclude: ["seeds.py"],
            swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
