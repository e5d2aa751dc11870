// swift-tools-version: 6.2

import PackageDescription

/// Kernels are optimized even in debug builds, and never allowed to reorder or fuse arithmetic.
let kernelFlags = [
  "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-Wall", "-Wno-psabi", "-Werror",
]

/// The only Swift that may touch memory by address.
let unsafeTargets: Set = ["Tensors", "Archive"]

/// Where elements are touched one by one: optimized even in debug builds.
let optimizedTargets: Set = ["Tensors", "Engrams", "Tasks", "Expectations"]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "mneme",
  products: [.executable(name: "mneme", targets: ["mneme"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: [
    // Floor 0. C.
    .target(name: "CKernels", cSettings: [.unsafeFlags(kernelFlags)]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),

    // Floor 1. Numbers that know their gradients; facts that know their names.
    .target(name: "Tensors", dependencies: ["CKernels"], exclude: ["README.md"]),
    .target(name: "Records", dependencies: [crypto]),

    // Floor 2. What models and reports are made of.
    .target(name: "Networks", dependencies: ["Tensors"]),
    .target(name: "Engrams", dependencies: ["Tensors"]),
    .target(name: "Archive", dependencies: ["CHDF5", "Records"]),
    .target(name: "Tables", dependencies: ["Records"]),

    // Floor 3. What is compared, and what it is compared on.
    .target(name: "Models", dependencies: ["Engrams", "Networks", "Tensors"], exclude: ["README.md"]),
    .target(name: "Tasks", dependencies: ["Tensors"]),

    // Floor 4. Experiments, from manifest to report.
    .target(
      name: "Harness",
      dependencies: [
        "Archive", "Engrams", "Models", "Networks", "Records", "Tables", "Tasks", "Tensors",
        yams, subprocess,
      ]),

    // Floor 5. The command line.
    .executableTarget(name: "mneme", dependencies: ["Archive", "Harness", "Records", "Tables", arguments]),

    // Tests: one target for each of the above, and what they share.
    .target(name: "Expectations", dependencies: ["Tensors"], path: "Tests/Expectations"),
    .target(name: "FaultSuite", path: "Tests/FaultSuite", exclude: ["table.awk"]),
    .target(
      name: "FuzzTargets", dependencies: ["Archive", "Harness", "Records", "Tables"],
      path: "Tests/Fuzz/Targets"),
    .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "Expectations"]),
    .testTarget(name: "TensorsTests", dependencies: ["CKernels", "Tensors", "Expectations"]),
    .testTarget(
      name: "RecordsTests", dependencies: ["Records"],
      resources: [.copy("Vectors"), .copy("check_vectors.py")]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "Tensors", "Expectations"]),
    .testTarget(
      name: "EngramsTests", dependencies: ["Engrams", "Tensors"],
      resources: [.copy("Reference")]),
    .testTarget(
      name: "ArchiveTests", dependencies: ["Archive", "Records", "FaultSuite"],
      exclude: ["Reference", "read_weights.py"]),
    .testTarget(
      name: "TablesTests", dependencies: ["Tables", "Records"],
      exclude: ["Golden", "Reference"]),
    .testTarget(
      name: "ModelsTests", dependencies: ["Engrams", "Models", "Networks", "Tensors", "Expectations"]),
    .testTarget(name: "TasksTests", dependencies: ["Tasks", "Tensors"]),
    .testTarget(
      name: "HarnessTests",
      dependencies: [
        "Archive", "Engrams", "Expectations", "FuzzTargets", "Harness", "Models", "Networks", "Records",
        "Tables", "Tasks", "Tensors",
        subprocess, yams,
      ],
      exclude: ["Reference", "Manifest/Frozen"]),
    .testTarget(
      name: "MnemeTests",
      dependencies: [
        "mneme", "Harness", "Archive", "Records", "Tables", "Tasks", "Models", "FaultSuite", subprocess,
        arguments,
      ],
      exclude: ["Reading/Golden", "Submission/Slurm"]),
  ]
)

// With what libFuzzer needs in every module: only `make fuzz` builds it, in a folder of its own.
if Context.environment["MNEME_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "mneme-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Program"))
}

for target in package.targets where target.type != .system && target.name != "CKernels" {
  var settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
  if !unsafeTargets.contains(target.name) && !target.isTest
    && !["Expectations", "FuzzTargets", "mneme-fuzz"].contains(target.name)
  {
    settings.append(.strictMemorySafety())
  }
  if optimizedTargets.contains(target.name) {
    settings.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
  }
  target.swiftSettings = settings
}
