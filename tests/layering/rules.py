# SPDX-License-Identifier: Apache-2.0
"""Who may include and link what: the table of integration/docs/architecture.md as data.

Each folder that holds C++ has a row: its own folders (besides itself) and its libraries. Whatever is not listed is
forbidden, and what is listed must be used; check_layering.py --used prints what is. The C and C++ standard libraries and
POSIX are allowed everywhere.
"""

# library -> (what its includes look like, what its CMake targets are called; None: headers alone)
LIBRARIES = {
    "abseil": (r"absl/", r"absl::"),
    "CLI11": (r"CLI/", r"CLI11::"),
    "DCMTK": (r"dcmtk/", r"(ofstd|oflog|dcm[a-z]+)$"),
    "GDCM": (r"gdcm", r"gdcm[A-Z]+$"),
    "Google Benchmark": (r"benchmark/", r"benchmark::"),
    "GoogleTest": (r"gtest/|gmock/", r"GTest::"),
    "gRPC": (r"grpc/|grpcpp/", r"gRPC::"),
    "ITK": (r"itk", r"ITK[A-Za-z]+$"),
    "libFuzzer": (r"fuzzer/", None),
    "LibTorch": (r"torch/|ATen/|c10/|caffe2/", r"(torch|torch_library|.*/libc10\.so)$"),
    "nlohmann-json": (r"nlohmann/", r"nlohmann_json::"),
    "OpenCV": (r"opencv2/", r"opencv_"),
    "OpenJPEG": (r"openjpeg", r"PkgConfig::OPENJPEG$"),
    "OpenSSL": (r"openssl/", r"OpenSSL::"),
    "Orthanc SDK": (r"orthanc/", None),
    "PLplot": (r"plplot/", r"PkgConfig::PLPLOT$"),
    "prometheus-cpp": (r"prometheus/", r"prometheus-cpp::"),
    "protobuf": (r"google/", r"protobuf::"),
    "spdlog": (r"spdlog/|fmt/", r"spdlog::"),
    "utfcpp": (r"utf8\.h$", r"utf8cpp$"),
}

# Whoever likes may link these: our compiler options, and POSIX threads.
LINKED_EVERYWHERE = r"(cxr_options|Threads::Threads)$"

# folder -> (own folders, libraries)
TABLE = {
    "proto": ([], ["abseil", "protobuf"]),
    "service/base": ([], ["OpenSSL", "abseil", "utfcpp"]),
    "service/core": ([],
        ["abseil"]),
    "service/dicom/read": (["service/base", "service/core"], ["DCMTK"]),
    "service/dicom/codec": (["service/base", "service/dicom/read"], ["DCMTK", "OpenJPEG"]),
    "service/dicom/display": (["service/base", "service/core", "service/dicom/read"], ["DCMTK"]),
    "service/dicom/write": (["service/base", "service/core", "service/dicom/read", "service/dicom/display"],
                            ["DCMTK", "OpenSSL"]),
    "service/dicom/tools": (["service/base", "service/core", "service/dicom/read", "service/dicom/write"], ["DCMTK"]),
    "service/dicom": (["service/base", "service/core", "service/dicom/read", "service/dicom/codec",
                       "service/dicom/display", "service/dicom/write"],
                      ["DCMTK"]),
    "service/imaging": (["service/base", "service/core"], ["OpenCV"]),
    "service/model/engine": ([], ["LibTorch"]),
    "service/model": (["service/base", "service/core", "service/imaging", "service/model/engine"], ["nlohmann-json"]),
    "service/serving": (["service/base", "service/core"],
        []),
    "service/rpc": (["service/base", "service/core", "service/serving", "service/config", "proto"],
                    ["gRPC", "prometheus-cpp"]),
    "service/client": (["service/base", "proto"], ["gRPC"]),
    "service/analyze": (["service/base", "service/core", "service/dicom/tools", "service/dicom", "service/client", "proto"],
                        ["CLI11", "OpenCV", "nlohmann-json"]),
    "service/config": (["service/base", "service/core"], ["CLI11"]),
    "service/app": (["service/core", "service/dicom", "service/imaging", "service/model/engine", "service/model",
                     "service/serving", "service/rpc", "service/config"],
                    []),
    "trainer/data": (["service/base", "service/core", "service/dicom"], ["OpenCV"]),
    "trainer/judge": (["service/base", "service/core", "service/imaging", "service/model", "service/model/engine",
                       "trainer/data"],
                      ["LibTorch", "OpenCV"]),
    "trainer/learn": (["service/base", "service/model", "service/model/engine", "trainer/data", "trainer/judge"],
                      ["LibTorch", "abseil"]),
    "trainer/report": (["service/base", "service/core", "service/imaging", "service/model", "service/model/engine",
                        "trainer/data", "trainer/judge", "trainer/learn"],
                       ["LibTorch", "OpenCV", "PLplot", "nlohmann-json"]),
    "trainer/cli": (["service/base", "service/imaging", "service/model", "service/model/engine", "trainer/data",
                     "trainer/judge", "trainer/learn", "trainer/report"],
                    ["CLI11"]),
    "plugin/core": (["service/base"], ["abseil", "nlohmann-json"]),
    "plugin/rpc": (["service/base", "service/client", "plugin/core", "proto"], []),
    "plugin/orthanc": (["plugin/core"], ["Orthanc SDK", "nlohmann-json"]),
    "plugin": (["plugin/core", "plugin/rpc", "plugin/orthanc"], ["Orthanc SDK", "nlohmann-json"]),
    "integration/phantom": (["service/core"], ["OpenCV"]),
    "integration/tools": (["service/base", "service/dicom/tools", "service/dicom", "service/analyze",
                           "integration/phantom"],
                          ["CLI11"]),
    "integration/examples/cpp": (["service/client"], []),
    "integration/conformance": (["service/base", "service/core", "service/dicom", "service/imaging", "service/model"],
        ["nlohmann-json"]),
    "tests/bench": (["service/base", "service/core", "service/dicom", "service/imaging", "service/model/engine", "service/model",
                     "service/config", "trainer/data", "trainer/learn", "integration/phantom", "tests/support"],
                    ["CLI11", "GDCM", "Google Benchmark", "LibTorch", "OpenCV"]),
    "tests/component": (["service/base", "service/core", "service/dicom/tools", "service/dicom", "service/imaging",
                         "service/model", "service/rpc", "service/analyze", "integration/phantom", "tests/support"],
                        ["DCMTK", "GoogleTest", "OpenCV", "nlohmann-json"]),
    "tests/fuzz": (["service/base", "service/dicom/read", "service/dicom/codec", "service/dicom/display",
                    "service/dicom/tools", "service/dicom", "service/model", "service/client", "service/rpc",
                    "service/config", "plugin/core", "plugin/rpc", "proto", "tests/support"],
                   ["DCMTK", "libFuzzer", "nlohmann-json"]),
    "tests/support": (["service/base", "service/core", "service/model"], ["DCMTK", "GDCM", "LibTorch", "OpenCV"]),
    "tests/support/rpc": (["proto"], ["gRPC"]),
    "tests/support/tls": ([], ["OpenSSL", "abseil"]),
    "tests/unit/analyze": (["service/dicom", "service/analyze", "tests/support", "tests/support/rpc"],
                           ["GoogleTest", "abseil", "nlohmann-json"]),
    "tests/unit/app": (["service/app", "tests/support", "proto"], ["GoogleTest", "gRPC"]),
    "tests/unit/base": (["service/base", "tests/support", "tests/support/tls"], ["GoogleTest", "OpenSSL"]),
    "tests/unit/client": (["service/client", "tests/support", "tests/support/rpc", "tests/support/tls", "proto"],
                          ["GoogleTest", "gRPC"]),
    "tests/unit/proto": (["proto", "tests/support/rpc"], ["GoogleTest"]),
    "tests/unit/config": (["service/config"], ["GoogleTest"]),
    "tests/unit/core": (["service/base", "service/core", "tests/support"],
        ["GoogleTest"]),
    "tests/unit/dicom": (["service/base", "service/dicom", "tests/support", "tests/unit/dicom/support"],
                         ["GoogleTest"]),
    "tests/unit/dicom/support": (["service/core", "service/dicom", "tests/support"], ["DCMTK", "GoogleTest"]),
    "tests/unit/dicom/read": (["service/base", "service/dicom/read", "service/dicom", "tests/support",
                               "tests/unit/dicom/support"],
                              ["GoogleTest", "abseil"]),
    "tests/unit/dicom/codec": (["service/base", "service/dicom/read", "service/dicom/codec", "tests/support", "tests/unit/dicom/support"],
                               ["GoogleTest"]),
    "tests/unit/dicom/display": (["service/base", "service/dicom/display", "tests/support", "tests/unit/dicom/support"],
                                 ["DCMTK", "GoogleTest"]),
    "tests/unit/dicom/write": (["service/dicom/read", "service/dicom/write", "tests/support",
                                "tests/unit/dicom/support"],
                               ["DCMTK", "GoogleTest"]),
    "tests/unit/dicom/tools": (["service/core", "service/dicom/tools", "tests/support", "tests/unit/dicom/support"],
                               ["DCMTK", "GoogleTest"]),
    "tests/unit/imaging": (["service/imaging", "integration/phantom"], ["GoogleTest", "OpenCV"]),
    "tests/unit/integration": (["integration/phantom"], ["GoogleTest"]),
    "tests/unit/model": (["service/base", "service/imaging", "service/model/engine", "service/model", "tests/support"],
                         ["GoogleTest", "LibTorch"]),
    "tests/unit/plugin": (["plugin/core", "plugin/rpc", "proto"], ["GoogleTest", "gRPC", "nlohmann-json"]),
    "tests/unit/rpc": (["service/base", "service/rpc", "tests/support", "tests/support/rpc", "tests/support/tls", "proto"],
                       ["GoogleTest", "gRPC"]),
    "tests/unit/serving": (["service/base", "service/serving", "tests/support"], ["GoogleTest"]),
    "tests/unit/trainer": ([], ["GoogleTest", "OpenCV"]),
    "tests/unit/trainer/cli": (["service/model", "tests/unit/trainer", "trainer/cli", "trainer/data", "trainer/judge"],
                               ["GoogleTest"]),
    "tests/unit/trainer/data": (["service/imaging", "tests/support", "tests/unit/trainer", "trainer/data"],
                                ["GoogleTest", "OpenCV"]),
    "tests/unit/trainer/judge": (["service/imaging", "service/model", "integration/phantom", "tests/support",
                                  "trainer/judge"],
                                 ["GoogleTest"]),
    "tests/unit/trainer/learn": (["tests/unit/trainer", "trainer/learn"], ["GoogleTest"]),
    "tests/unit/trainer/report": (["tests/unit/trainer", "trainer/report"], ["GoogleTest", "OpenCV"]),
}

# folder -> {library or own folder: why}. Each line stands in the section "Exceptions" of architecture.md too.
EXCEPTIONS = {}

# The logger is for adapters: these return what happened instead.
NO_LOGGING = ["service/base", "service/core", "service/model/engine", "plugin/core"]

# The ports of these layers speak absl::Status, so whoever may use the layer may use abseil.
SPEAKS_ABSEIL = ["service/base", "service/core", "plugin/core"]

# Of interfaces that are not the C++ standard library, these come with every Debian system.
SYSTEM = r"(sys|netinet|arpa|linux)/|(dirent|dlfcn|fcntl|malloc|poll|pthread|sched|semaphore|spawn|termios|unistd)\.h$"

# What a plugin may not drag into the PACS process.
FORBIDDEN_IN_PACS = r"lib(torch|c10|itk|ITK|opencv|dcm|gdcm|openjp2)"
PLUGIN_SYMBOLS = ["OrthancPluginFinalize", "OrthancPluginGetName", "OrthancPluginGetVersion", "OrthancPluginInitialize"]

# What opens a source file, by folder.
SPDX_DEFAULT = "SPDX-License-Identifier: Apache-2.0"
SPDX = {"plugin": "SPDX-License-Identifier: GPL-3.0-or-later",
        "tests/unit/plugin": "SPDX-License-Identifier: (GPL-3.0-or-later|Apache-2.0)"}
