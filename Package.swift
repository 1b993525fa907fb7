// swift-tools-version: 6.1
import PackageDescription

/// The modules in the order of their dependencies; .github/CONTRIBUTING.md describes them.
let package = Package(
  name: "aegpu",
  products: [
    .executable(name: "aegpu", targets: ["aegpu"]),
    .library(name: "AEGPU", targets: ["AEGPU"]),
    .library(name: "OpenCLCounter", type: .dynamic, targets: ["OpenCLCounter"]),
    .library(name: "OpenCLFaults", type: .dynamic, targets: ["OpenCLFaults"]),
    .library(name: "BrokenDriver", type: .dynamic, targets: ["BrokenDriver"]),
    .library(name: "ChangedKernels", type: .dynamic, targets: ["ChangedKernels"]),
    .library(name: "OclgrindShim", type: .dynamic, targets: ["OclgrindShim"]),
    .library(name: "JumpingClock", type: .dynamic, targets: ["JumpingClock"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // Embeds text files (kernels, recipes) in their target.
    .executableTarget(name: "EmbedTexts", path: "Tools/EmbedTexts"),
    .plugin(
      name: "EmbedTextsPlugin", capability: .buildTool(), dependencies: ["EmbedTexts"],
      path: "Tools/EmbedTextsPlugin"),

    // C libraries.
    .systemLibrary(
      name: "COpenCL", pkgConfig: "OpenCL clblast",
      providers: [.apt(["ocl-icd-opencl-dev", "opencl-headers", "libclblast-dev"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CLAPACK", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
    .target(
      name: "CImages", dependencies: ["CPNG"], linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CLoops"),
    .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CHDF5", linkerSettings: [.linkedLibrary("dl")]),

    // Values.
    .target(name: "Protobuf"),
    .target(name: "Randoms"),
    .target(name: "Graphs"),
    .target(name: "Layers", dependencies: ["Graphs", "Randoms"]),
    .target(name: "Plans", dependencies: ["Graphs"]),
    .target(name: "Subprocesses"),
    .target(
      name: "Datasets",
      dependencies: [
        "CCrypto", "CHDF5", "CImages", "CJPEG", "CZip", "CZlib", "Randoms", "Subprocesses",
      ]),
    .target(
      name: "Recipes", dependencies: ["Datasets", "Graphs", "Layers", "Yams"],
      plugins: ["EmbedTextsPlugin"]),
    .target(name: "NetworkSuite", plugins: ["EmbedTextsPlugin"]),

    // Resources.
    .target(name: "Patience"),
    .target(name: "Ranks", dependencies: ["CMPI", "Graphs", "Patience", "Plans"]),
    .target(name: "Kernels", path: "Kernels", plugins: ["EmbedTextsPlugin"]),
    .target(
      name: "OpenCLBackend", dependencies: ["COpenCL", "Graphs", "Kernels", "Patience", "Plans"]),
    .target(name: "CPUBackend", dependencies: ["CLoops", "COneDNN", "Graphs", "Plans"]),
    .target(name: "ReferenceBackend", dependencies: ["Graphs", "Plans", "Randoms"]),
    .target(
      name: "Training",
      dependencies: [
        "Datasets", "Graphs", "Layers", "Plans", "Randoms", "Ranks", "Recipes", "Reports",
      ]),
    .target(
      name: "Benchmarks",
      dependencies: ["Datasets", "Graphs", "Plans", "Randoms", "Recipes", "Training"]),
    .target(
      name: "Tuning",
      dependencies: [
        "Benchmarks", "CPUBackend", "Datasets", "Graphs", "OpenCLBackend", "Plans", "Recipes",
        "Reports", "Training",
      ]),
    .target(
      name: "Doctor",
      dependencies: [
        "CPUBackend", "Datasets", "Graphs", "OpenCLBackend", "Plans", "Randoms", "Recipes",
        "ReferenceBackend", "Reports", "Training", "Tuning",
      ]),
    .target(name: "Reports", dependencies: ["CLAPACK", "CPNG", "Protobuf", "Subprocesses"]),
    .target(
      name: "Analyses",
      dependencies: [
        "CLAPACK", "Datasets", "Graphs", "Layers", "Randoms", "Recipes", "Reports", "Training",
      ]),

    .target(
      name: "Exports",
      dependencies: [
        "Analyses", "Datasets", "Graphs", "Layers", "Protobuf", "Recipes", "Reports", "Training",
      ]),
    .target(
      name: "RunReports",
      dependencies: [
        "Analyses", "Benchmarks", "Datasets", "Layers", "Plans", "Recipes", "Reports", "Training",
      ]),
    .target(
      name: "Devices",
      dependencies: [
        "CPUBackend", "Doctor", "OpenCLBackend", "Plans", "Ranks", "Recipes", "ReferenceBackend",
        "Reports", "Subprocesses", "Training", "Tuning",
      ]),

    // The library and the command line.
    .target(
      name: "AEGPU",
      dependencies: [
        "Analyses", "Datasets", "Devices", "Exports", "Graphs", "Layers", "Plans", "Ranks",
        "Recipes", "ReferenceBackend", "Reports", "RunReports", "Training",
      ]),
    .executableTarget(
      name: "aegpu",
      dependencies: [
        "AEGPU", "Analyses", "Benchmarks", "CPUBackend", "Datasets", "Devices", "Doctor", "Exports",
        "Graphs", "Layers", "NetworkSuite", "OpenCLBackend", "Plans", "Ranks", "Recipes", "Reports",
        "RunReports", "Subprocesses", "Training", "Tuning",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests.
    .target(
      name: "OpenCLCounter", path: "Tests/OpenCLCounter", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "OpenCLFaults", path: "Tests/OpenCLFaults", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "BrokenDriver", path: "Tests/BrokenDriver"),
    .target(
      name: "ChangedKernels", path: "Tests/ChangedKernels",
      linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "OclgrindShim", path: "Tests/OclgrindShim", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "JumpingClock", path: "Tests/JumpingClock"),
    .executableTarget(
      name: "DoctorProbe",
      dependencies: [
        "Benchmarks", "Datasets", "Doctor", "OpenCLBackend", "Plans", "Recipes", "Training",
      ], path: "Tests/DoctorProbe"),
    .target(name: "TestFolders", path: "Tests/TestFolders"),
    .target(
      name: "TestSupport",
      dependencies: [
        "Graphs", "Layers", "OpenCLBackend", "Plans", "Ranks", "ReferenceBackend", "Randoms",
      ],
      path: "Tests/TestSupport"),
    .testTarget(
      name: "GraphsTests",
      dependencies: ["Graphs", "Plans", "Randoms", "ReferenceBackend", "TestSupport"]),
    .testTarget(
      name: "PlansTests",
      dependencies: ["Graphs", "Layers", "Plans", "ReferenceBackend", "TestSupport"]),
    .testTarget(
      name: "LayersTests",
      dependencies: ["Graphs", "Layers", "Plans", "Recipes", "ReferenceBackend", "TestSupport"]),
    .testTarget(name: "RecipesTests", dependencies: ["Graphs", "Layers", "Recipes"]),
    .testTarget(
      name: "BackendTests",
      dependencies: [
        "CPUBackend", "Graphs", "Layers", "OpenCLBackend", "Plans", "Ranks", "ReferenceBackend",
        "TestSupport",
      ]),
    .testTarget(name: "RandomsTests", dependencies: ["Randoms"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["CJPEG", "CPNG", "CZlib", "Datasets", "Randoms", "TestFolders"]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["CPNG", "Datasets", "Randoms", "Reports", "Subprocesses", "TestFolders"]),
    .testTarget(name: "AnalysesTests", dependencies: ["Analyses", "Graphs", "Layers", "Randoms"]),
    .testTarget(
      name: "ExportsTests",
      dependencies: ["Datasets", "Exports", "Graphs", "Layers", "Protobuf", "Training"]),
    .testTarget(
      name: "RunReportsTests",
      dependencies: [
        "Analyses", "Benchmarks", "Layers", "Plans", "Recipes", "Reports", "RunReports", "Training",
      ]),
    .testTarget(name: "CLoopsTests", dependencies: ["CLoops", "Graphs", "ReferenceBackend"]),
    .testTarget(
      name: "OpenCLBackendTests",
      dependencies: [
        "COpenCL", "Graphs", "Kernels", "OpenCLBackend", "Plans", "ReferenceBackend", "TestSupport",
      ]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "CPUBackend", "Datasets", "Graphs", "Layers", "OpenCLBackend", "Plans", "Randoms", "Ranks",
        "Recipes", "ReferenceBackend", "Reports", "TestFolders", "TestSupport", "Training",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "BenchmarksTests",
      dependencies: [
        "Benchmarks", "CPUBackend", "NetworkSuite", "Plans", "Recipes", "ReferenceBackend",
        "TestSupport",
      ]),
    .testTarget(
      name: "TuningTests",
      dependencies: [
        "Graphs", "OpenCLBackend", "Plans", "Recipes", "Reports", "TestFolders", "TestSupport",
        "Training", "Tuning",
      ]),
    .testTarget(
      name: "DoctorTests",
      dependencies: [
        "Benchmarks", "CPUBackend", "Doctor", "Graphs", "OpenCLBackend", "Plans", "Recipes",
        "ReferenceBackend", "TestFolders", "TestSupport", "Training", "Tuning",
      ]),
    .target(
      name: "TestProgram", dependencies: ["OpenCLBackend", "TestFolders", "TestSupport"],
      path: "Tests/TestProgram"),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "aegpu", "BrokenDriver", "Graphs", "NetworkSuite", "OpenCLCounter", "Recipes",
        "Subprocesses", "TestFolders", "TestProgram",
      ]),
    .executableTarget(
      name: "ExampleDigits", dependencies: ["AEGPU"], path: "Tests/Examples/Digits"),
    .testTarget(
      name: "LibraryTests",
      dependencies: [
        "AEGPU", "aegpu", "ExampleDigits", "Graphs", "Recipes", "TestFolders", "TestProgram",
      ]),
    // Tests that need Python packages or a browser: see Tools/test.
    .testTarget(
      name: "PeerTests",
      dependencies: [
        "aegpu", "Datasets", "Exports", "Graphs", "Layers", "Plans", "Recipes", "ReferenceBackend",
        "Subprocesses", "TestFolders", "TestProgram", "TestSupport", "Training",
      ],
      exclude: ["Scripts", "requirements.txt"]),
  ]
)

// Parsers under libFuzzer: see Tools/fuzz. What they read is built with its coverage counters.
if Context.environment["AEGPU_FUZZ"] != nil {
  let settings: [SwiftSetting] = [
    .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])
  ]
  let read: Set = [
    "Datasets", "Exports", "Graphs", "Layers", "Protobuf", "Recipes", "Reports", "RunReports",
    "Training",
  ]
  for target in package.targets where read.contains(target.name) { target.swiftSettings = settings }
  package.products.append(.executable(name: "Fuzzers", targets: ["Fuzzers"]))
  package.targets.append(
    .executableTarget(
      name: "Fuzzers",
      dependencies: [
        "Datasets", "Exports", "Graphs", "Layers", "Recipes", "RunReports", "Training",
      ], path: "Tests/Fuzzers", exclude: ["seeds.py"], swiftSettings: settings,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
}

// C under UndefinedBehaviorSanitizer, and its loops for one kind of CPU alone: see Tools/sanitize.
if let architecture = Context.environment["AEGPU_SANITIZE"] {
  let own: Set = [
    "BrokenDriver", "CHDF5", "CImages", "CLoops", "CMPI", "COneDNN", "ChangedKernels",
    "JumpingClock",
    "OpenCLCounter",
    "OpenCLFaults",
  ]
  for target in package.targets where own.contains(target.name) {
    target.cSettings = [.unsafeFlags(["-fsanitize=undefined"])]
    if target.name == "CLoops" {
      target.cSettings?.append(.define("LOOPS_ARCHITECTURE", to: "\"\(architecture)\""))
    }
  }
}
