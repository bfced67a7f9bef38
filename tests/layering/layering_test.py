#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that check_layering.py finds what it is there to find, on small trees made for it."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check_layering.py")
APACHE = "// SPDX-License-Identifier: Apache-2.0\n"
GPL = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


class Layering(unittest.TestCase):
    def check(self, files):
        """(exit status, output) of the check on a tree of these files."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            run = subprocess.run([sys.executable, "-B", CHECK, folder], capture_output=True, text=True, check=False)
            return run.returncode, run.stdout

    def assert_violation(self, name, line, expected, opening=APACHE):
        status, output = self.check({name: opening + line + "\n"})
        self.assertEqual(status, 1, output)
        self.assertIn(f"{name}:2: ", output)
        self.assertIn(expected, output)

    def assert_clean(self, name, line, opening=APACHE):
        status, output = self.check({name: opening + line + "\n"})
        self.assertEqual(status, 0, output)

    def test_a_domain_header_may_not_include_foreign_libraries(self):
        for include in ("grpcpp/grpcpp.h", "google/protobuf/message.h", "dcmtk/dcmdata/dctk.h", "itkImage.h",
                        "gdcmReader.h", "opencv2/core.hpp", "torch/script.h", "orthanc/OrthancCPlugin.h"):
            self.assert_violation("service/core/image.h", f"#include <{include}>", "service/core may not use")

    def test_a_layer_may_not_include_one_that_its_row_does_not_list(self):
        self.assert_violation("service/dicom/decode.cpp", '#include "service/model/manifest.h"',
                              "service/dicom may not use service/model")
        self.assert_violation("plugin/core/policy.h", '#include "service/core/pattern.h"',
                              "plugin/core may not use service/core", GPL)

    def test_plugin_and_service_share_proto_alone(self):
        self.assert_clean("plugin/rpc/client.cpp", '#include "cxr/v1/analysis.grpc.pb.h"', GPL)
        self.assert_violation("plugin/orthanc/feed.cpp", '#include "cxr/v1/analysis.pb.h"', "may not use proto", GPL)

    def test_the_engine_uses_libtorch_and_the_standard_library_alone(self):
        self.assert_clean("service/model/engine/network.cpp", "#include <torch/torch.h>\n#include <vector>")
        self.assert_violation("service/model/engine/network.cpp", "#include <absl/status/status.h>", "abseil")
        self.assert_violation("service/model/engine/network.cpp", "#include <spdlog/spdlog.h>", "spdlog")

    def test_the_most_specific_folder_decides(self):
        self.assert_clean("service/model/loader.cpp", "#include <nlohmann/json.hpp>")
        self.assert_violation("service/model/engine/loader.cpp", "#include <nlohmann/json.hpp>", "nlohmann-json")

    def test_spaces_and_indentation_hide_nothing(self):
        self.assert_violation("service/core/image.h", "  #  include   <torch/torch.h>", "LibTorch")

    def test_a_library_in_quotes_is_still_a_library(self):
        self.assert_violation("service/core/image.h", '#include "torch/torch.h"', "LibTorch")
        self.assert_clean("service/core/image.cpp", '#include "absl/status/status.h"')

    def test_includes_start_at_the_repository_root(self):
        self.assert_violation("service/core/image.cpp", '#include "image.h"', "from the repository root")
        self.assert_violation("service/core/image.cpp", '#include "../core/image.h"', "from the repository root")

    def test_an_unknown_library_is_a_violation(self):
        self.assert_violation("service/core/image.cpp", "#include <boost/any.hpp>", "does not know")

    def test_an_spdx_line_opens_every_source_file(self):
        for name in ("service/core/image.cpp", "tests/run.sh", "CMakeLists.txt", "proto/cxr/v1/x.proto", "a/b.py"):
            status, output = self.check({name: "\n"})
            self.assertEqual(status, 1, output)
            self.assertIn(f"{name}:1: no line", output)

    def test_the_plugin_is_gpl(self):
        status, output = self.check({"plugin/core/policy.cpp": APACHE})
        self.assertEqual(status, 1, output)

    def test_an_empty_tree_is_not_a_clean_one(self):
        self.assertEqual(self.check({})[0], 1)


if __name__ == "__main__":
    unittest.main()
