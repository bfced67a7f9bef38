# SPDX-License-Identifier: Apache-2.0
"""Who may include what: the table of integration/docs/architecture.md as data.

Each folder lists its own folders (besides itself) and its libraries; whatever is not listed is forbidden. The most
specific folder that holds a file decides. The C and C++ standard libraries and POSIX are allowed everywhere.
"""

# library -> what its includes look like
LIBRARIES = {
    "abseil": r"absl/",
    "CLI11": r"CLI/",
    "DCMTK": r"dcmtk/",
    "GDCM": r"gdcm",
    "gRPC": r"grpc/|grpcpp/",
    "ITK": r"itk",
    "LibTorch": r"torch/|ATen/|c10/|caffe2/",
    "nlohmann-json": r"nlohmann/",
    "OpenCV": r"opencv2/",
    "OpenSSL": r"openssl/",
    "Orthanc SDK": r"orthanc/",
    "PLplot": r"plplot/",
    "prometheus-cpp": r"prometheus/",
    "protobuf": r"google/",
    "spdlog": r"spdlog/|fmt/",
}

SERVICE = ["service/core", "service/dicom", "service/imaging", "service/model", "service/model/engine",
           "service/serving", "service/rpc", "service/client", "service/config", "service/app"]

# folder -> (own folders, libraries)
TABLE = {
    "service/core": ([], ["abseil"]),
    "service/dicom": (["service/core"], ["ITK", "GDCM", "DCMTK"]),
    "service/imaging": (["service/core"], ["OpenCV", "ITK", "LibTorch"]),
    "service/model/engine": ([], ["LibTorch"]),
    "service/model": (["service/core", "service/model/engine", "service/imaging"],
                      ["LibTorch", "nlohmann-json", "OpenSSL"]),
    "service/serving": (["service/core", "service/model"], ["abseil"]),
    "service/rpc": (["service/core", "service/serving", "service/config", "proto"],
                    ["gRPC", "protobuf", "prometheus-cpp"]),
    "service/client": (["service/core", "service/dicom", "proto"], ["gRPC", "OpenCV"]),
    "service/config": (["service/core"], ["CLI11"]),
    "service/app": (SERVICE, []),
    "trainer": (["service/core", "service/dicom", "service/imaging", "service/model", "service/model/engine"],
                ["LibTorch", "OpenCV", "CLI11", "nlohmann-json", "PLplot"]),
    "plugin/core": ([], ["abseil", "nlohmann-json"]),
    "plugin/rpc": (["plugin/core", "proto"], ["gRPC"]),
    "plugin/orthanc": (["plugin/core"], ["Orthanc SDK", "nlohmann-json"]),
    "plugin": (["plugin/core", "plugin/rpc", "plugin/orthanc"], ["Orthanc SDK", "nlohmann-json"]),
    "integration/tools": (["service/core", "service/dicom", "service/imaging", "service/client"], ["CLI11"]),
    "integration/conformance": (["service/core", "service/dicom", "service/imaging", "service/model"],
                                ["nlohmann-json"]),
}

# folder -> {library or own folder: why}. Each line stands in the section "Exceptions" of architecture.md too.
EXCEPTIONS = {}

# The logger is for adapters: these return what happened instead.
NO_LOGGING = ["service/core", "service/model/engine", "plugin/core"]

# The ports of these layers speak absl::Status, so whoever may use the layer may use abseil.
SPEAKS_ABSEIL = ["service/core", "plugin/core"]

# Of interfaces that are not the C++ standard library, these come with every Debian system.
SYSTEM = r"(sys|netinet|arpa|linux)/|(dirent|dlfcn|fcntl|malloc|poll|pthread|sched|semaphore|termios|unistd)\.h$"

# What a plugin may not drag into the PACS process.
FORBIDDEN_IN_PACS = r"lib(torch|c10|itk|ITK|opencv|dcm|gdcm)"
PLUGIN_SYMBOLS = ["OrthancPluginFinalize", "OrthancPluginGetName", "OrthancPluginGetVersion", "OrthancPluginInitialize"]

# What opens a source file, by folder.
SPDX_DEFAULT = "SPDX-License-Identifier: Apache-2.0"
SPDX = {"plugin": "SPDX-License-Identifier: GPL-3.0-or-later",
        "tests/unit/plugin": "SPDX-License-Identifier: (GPL-3.0-or-later|Apache-2.0)"}
