#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that the checks beside this file find what they are there to find, on small trees made for it."""
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

import architecture_table
import check_layering
import check_links
import check_sources
import rules

CHECK = pathlib.Path(__file__).with_name("check_layering.py")
APACHE = "// SPDX-License-Identifier: Apache-2.0\n"
GPL = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


def rules_with(table, **others):
    """The project's rules with another table."""
    return types.SimpleNamespace(**{**vars(rules), "TABLE": table, **others})


def survey(files, the_rules=rules):
    """What the check finds in a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check_layering.Survey(pathlib.Path(folder), the_rules)


class Includes(unittest.TestCase):
    """Of the real table: what a file may not include."""

    def assert_violation(self, name, line, expected, opening=APACHE):
        found = [one for one in survey({name: opening + line + "\n"}).found if one.startswith(f"{name}:2: ")]
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])

    def assert_clean(self, name, line, opening=APACHE):
        found = [one for one in survey({name: opening + line + "\n"}).found if one.startswith(name)]
        self.assertEqual(found, [])

    def test_a_domain_header_may_not_include_foreign_libraries(self):
        for include in ("grpcpp/grpcpp.h", "google/protobuf/message.h", "dcmtk/dcmdata/dctk.h", "itkImage.h",
                        "gdcmReader.h", "opencv2/core.hpp", "torch/script.h", "orthanc/OrthancCPlugin.h"):
            self.assert_violation("service/core/image.h", f"#include <{include}>", "service/core may not use")

    def test_a_layer_may_not_include_one_that_its_row_does_not_list(self):
        self.assert_violation("service/core/decode.cpp", '#include "service/model/manifest.h"',
                              "service/core may not use service/model")
        self.assert_violation("plugin/core/policy.h", '#include "service/core/pattern.h"',
                              "plugin/core may not use service/core", GPL)

    def test_a_test_keeps_to_its_row_too(self):
        self.assert_violation("tests/unit/core/pattern_test.cpp", '#include "service/model/manifest.h"',
                              "tests/unit/core may not use service/model")
        self.assert_violation("tests/unit/core/pattern_test.cpp", "#include <torch/torch.h>", "LibTorch")

    def test_plugin_and_service_share_proto_alone(self):
        self.assert_clean("plugin/rpc/client.cpp", '#include "cxr/v1/analysis.grpc.pb.h"', GPL)
        self.assert_violation("plugin/orthanc/feed.cpp", '#include "cxr/v1/analysis.pb.h"', "may not use proto", GPL)

    def test_the_engine_uses_libtorch_and_the_standard_library_alone(self):
        self.assert_clean("service/model/engine/network.cpp", "#include <torch/torch.h>\n#include <vector>")
        self.assert_violation("service/model/engine/network.cpp", "#include <absl/status/status.h>", "abseil")
        self.assert_violation("service/model/engine/network.cpp", "#include <spdlog/spdlog.h>", "spdlog")

    def test_a_folder_has_no_part_in_the_grants_of_the_folder_that_holds_it(self):
        self.assert_clean("service/model/loader.cpp", "#include <nlohmann/json.hpp>")
        self.assert_violation("service/model/engine/loader.cpp", "#include <nlohmann/json.hpp>", "nlohmann-json")

    def test_spaces_and_indentation_hide_nothing(self):
        self.assert_violation("service/core/image.h", "  #  include   <torch/torch.h>", "LibTorch")

    def test_no_other_directive_hides_an_include(self):
        self.assert_violation("service/core/image.h", "#include_next <torch/torch.h>", "LibTorch")
        self.assert_violation("service/core/image.h", "#import <torch/torch.h>", "LibTorch")
        self.assert_violation("service/core/image.h", "#include TORCH_HEADER", "no name to check")

    def test_every_suffix_that_holds_cpp_is_looked_at(self):
        for suffix in "h hh hpp hxx h++ c cc cpp cxx c++ cppm ixx ipp inl tcc tpp txx cu cuh".split():
            self.assert_violation(f"service/core/image.{suffix}", "#include <torch/torch.h>", "LibTorch")

    def test_a_library_in_quotes_is_still_a_library(self):
        self.assert_violation("service/core/image.h", '#include "torch/torch.h"', "LibTorch")
        self.assert_clean("service/core/image.cpp", '#include "absl/status/status.h"')

    def test_includes_start_at_the_repository_root(self):
        self.assert_violation("service/core/image.cpp", '#include "image.h"', "from the repository root")
        self.assert_violation("service/core/image.cpp", '#include "../core/image.h"', "from the repository root")

    def test_an_unknown_library_is_a_violation(self):
        self.assert_violation("service/core/image.cpp", "#include <boost/any.hpp>", "does not know")


class Tree(unittest.TestCase):
    """Of tables made for it: what a tree may not be."""

    def test_a_tree_that_keeps_its_table_is_clean(self):
        table = {"a": ([], []), "b": (["a"], ["abseil"])}
        files = {"a/x.h": APACHE, "b/y.cpp": APACHE + '#include "a/x.h"\n#include <absl/time/time.h>\n'}
        self.assertEqual(survey(files, rules_with(table)).found, [])

    def test_a_source_and_its_header_that_are_too_long_together_are_a_violation(self):
        files = {"a/x.h": APACHE * 200, "a/x.cpp": APACHE * 151, "a/y.h": APACHE * 350}
        self.assertEqual(survey(files, rules_with({"a": ([], [])})).found, ["a/x: 351 lines, more than 350"])

    def test_a_folder_with_cpp_that_is_not_in_the_table_is_a_violation(self):
        for name in ("attic/x.cpp", "a/below/x.h", "x.cpp"):
            found = survey({"a/x.h": APACHE, name: APACHE}, rules_with({"a": ([], [])})).found
            self.assertEqual(len(found), 1, found)
            self.assertIn("is not in the table", found[0])

    def test_an_include_from_a_folder_that_is_not_in_the_table_is_a_violation(self):
        found = survey({"a/x.h": APACHE + '#include "attic/y.h"\n', "attic/y.h": APACHE}, rules_with({"a": ([], [])})).found
        self.assertIn("a/x.h:2: attic/y.h: a may not use attic", found)

    def test_a_grant_that_nobody_uses_is_a_violation(self):
        files = {"a/x.h": APACHE, "b/y.cpp": APACHE}
        found = survey(files, rules_with({"a": ([], ["OpenCV"]), "b": (["a"], [])})).found
        self.assertEqual([one.partition(": ")[2] for one in found],
                         ["a: OpenCV is granted, but not used", "b: a is granted, but not used"])

    def test_a_row_for_a_folder_without_cpp_is_a_violation(self):
        found = survey({"a/x.h": APACHE}, rules_with({"a": ([], []), "gone": ([], [])})).found
        self.assertEqual(found, ["tests/layering/rules.py: gone: a row for a folder without C++"])

    def test_files_that_include_each_other_are_a_violation(self):
        files = {"a/x.h": APACHE + '#include "a/y.h"\n', "a/y.h": APACHE + '#include "a/z.h"\n',
                 "a/z.h": APACHE + '#include "a/x.h"\n', "a/w.cpp": APACHE + '#include "a/x.h"\n'}
        found = survey(files, rules_with({"a": ([], [])})).found
        self.assertEqual(found, ["a/x.h:1: files include each other: a/x.h -> a/y.h -> a/z.h -> a/x.h"])

    def test_a_file_that_includes_itself_is_a_violation(self):
        found = survey({"a/x.h": APACHE + '#include "a/x.h"\n'}, rules_with({"a": ([], [])})).found
        self.assertEqual(found, ["a/x.h:1: files include each other: a/x.h -> a/x.h"])

    def test_folders_that_use_each_other_are_a_violation(self):
        files = {"a/x.h": APACHE, "a/x.cpp": APACHE + '#include "b/y.h"\n',
                 "b/y.h": APACHE, "b/y.cpp": APACHE + '#include "a/x.h"\n'}
        found = survey(files, rules_with({"a": (["b"], []), "b": (["a"], [])})).found
        self.assertEqual(found, ["tests/layering/rules.py: folders use each other: a -> b -> a"])

    def test_used_prints_the_row_that_a_folder_needs(self):
        files = {"a/x.h": APACHE, "b/y.cpp": APACHE + '#include "a/x.h"\n#include <opencv2/core.hpp>\n#include <vector>\n'}
        rows = list(survey(files, rules_with({"a": ([], [])})).rows())
        self.assertEqual(rows, ['    "a": ([], []),', '    "b": (["a"], ["OpenCV"]),'])

    def test_an_spdx_line_opens_every_source_file(self):
        for name in ("service/core/image.cpp", "tests/run.sh", "CMakeLists.txt", "proto/cxr/v1/x.proto", "a/b.py"):
            self.assertIn(f"{name}:1: no line", "\n".join(survey({name: "\n"}).found))

    def test_the_plugin_is_gpl(self):
        self.assertIn("plugin/core/policy.cpp:1: no line", "\n".join(survey({"plugin/core/policy.cpp": APACHE}).found))

    def test_the_exit_status_says_whether_something_was_found(self):
        with tempfile.TemporaryDirectory() as folder:
            for arguments, expected in (([folder], 1), ([], 2), (["/no/such/folder"], 2)):
                run = subprocess.run([sys.executable, "-B", CHECK, *arguments], capture_output=True, check=False)
                self.assertEqual(run.returncode, expected, run)


class Links(unittest.TestCase):
    def violations(self, lines, table):
        targets = check_links.targets_of("\n".join("\t".join(line) for line in lines))
        return list(check_links.violations(targets, rules_with(table)))

    def test_links_that_the_table_lists_are_allowed(self):
        lines = [("lib_a", "a", "cxr_options Threads::Threads"),
                 ("lib_b", "b", "lib_a $<LINK_ONLY:lib_a> opencv_core $<LINK_ONLY:opencv_core>"),
                 ("test_b", "b", "lib_b")]
        self.assertEqual(self.violations(lines, {"a": ([], []), "b": (["a"], ["OpenCV"])}), [])

    def test_a_link_to_a_folder_that_the_row_does_not_list_is_a_violation(self):
        lines = [("lib_a", "a", ""), ("lib_b", "b", "$<LINK_ONLY:lib_a>")]
        self.assertEqual(self.violations(lines, {"a": ([], []), "b": ([], [])}),
                         ["lib_b: links lib_a: b may not use a"])

    def test_a_link_to_generated_code_needs_the_grant_of_proto(self):
        lines = [("cxr_proto", "build", "gRPC::grpc++"), ("lib_b", "b", "cxr_proto")]
        self.assertEqual(self.violations(lines, {"b": ([], [])}), ["lib_b: links cxr_proto: b may not use proto"])
        self.assertEqual(self.violations(lines, {"b": (["proto"], [])}), [])

    def test_a_link_to_a_library_that_the_row_does_not_list_is_a_violation(self):
        for link, library in (("torch", "LibTorch"), ("/usr/lib/libc10.so", "LibTorch"), ("opencv_imgproc", "OpenCV"),
                              ("dcmdata", "DCMTK"), ("gdcmMSFF", "GDCM"), ("gRPC::grpc++", "gRPC")):
            self.assertEqual(self.violations([("lib_a", "a", link)], {"a": ([], [])}),
                             [f"lib_a: links {link}: a may not use {library}"])

    def test_a_link_to_an_unknown_library_is_a_violation(self):
        self.assertEqual(self.violations([("lib_a", "a", "boost_system")], {"a": ([], [])}),
                         ["lib_a: links boost_system, which tests/layering/rules.py does not know"])

    def test_a_target_of_a_folder_that_is_not_in_the_table_is_a_violation(self):
        self.assertEqual(self.violations([("lib_a", "attic", "")], {"a": ([], [])}),
                         ["lib_a: attic is not in the table of tests/layering/rules.py"])


class ArchitectureTable(unittest.TestCase):
    PAGE = ("Text\n\n| folder | what it does | own folders | libraries |\n|---|---|---|---|\n"
            "| service/core | values | - | abseil |\n| service/rpc | server | core, proto | gRPC |\n\nMore text\n")
    TABLE = {"service/core": ([], ["abseil"]), "service/rpc": (["service/core", "proto"], ["gRPC"]),
             "tests/unit/core": (["service/core"], [])}

    def test_a_page_that_says_what_the_rules_say_is_left_alone(self):
        self.assertEqual(architecture_table.renewed(self.PAGE, rules_with(self.TABLE)), self.PAGE)

    def test_a_row_that_says_something_else_is_renewed(self):
        page = self.PAGE.replace("core, proto | gRPC", "core | gRPC, OpenCV")
        self.assertEqual(architecture_table.renewed(page, rules_with(self.TABLE)), self.PAGE)

    def test_rows_come_and_go_with_the_rules(self):
        page = self.PAGE.replace("| service/core |", "| service/gone |")
        self.assertEqual(architecture_table.renewed(page, rules_with(self.TABLE)),
                         self.PAGE.replace("| values |", f"| {architecture_table.NOT_DESCRIBED} |"))

    def test_a_row_that_says_nothing_of_its_folder_is_reported(self):
        page = self.PAGE.replace("| values |", f"| {architecture_table.NOT_DESCRIBED} |")
        self.assertEqual(architecture_table.problems(page, rules_with(self.TABLE)),
                         ["service/core: the page does not say what it does"])
        self.assertEqual(architecture_table.problems(self.PAGE, rules_with(self.TABLE)), [])

    def test_a_page_without_the_table_is_reported(self):
        self.assertEqual(len(architecture_table.problems("Text\n", rules_with(self.TABLE))), 1)


class Sources(unittest.TestCase):
    @staticmethod
    def command(file, output="x.o"):
        return {"directory": "/build", "file": file, "output": output, "command": f"c++ -c {file}"}

    def test_a_source_that_is_compiled_for_two_targets_is_found(self):
        commands = [self.command("/a/x.cpp", "one"), self.command("/a/y.cpp"), self.command("/a/x.cpp", "two")]
        self.assertEqual(check_sources.compiled_twice(commands, lambda file: ""), {"/a/x.cpp": 2})

    def test_the_sources_of_a_unity_file_count(self):
        commands = [self.command("/build/unity_0.cxx"), self.command("/a/x.cpp")]
        texts = {"/build/unity_0.cxx": '#include "/a/x.cpp"\n#include "/a/y.cpp"\n'}
        self.assertEqual(check_sources.compiled_twice(commands, texts.get), {"/a/x.cpp": 2})

    def test_sources_that_are_compiled_once_are_not_found(self):
        commands = [self.command("/a/x.cpp"), self.command("/a/y.cpp")]
        self.assertEqual(check_sources.compiled_twice(commands, lambda file: ""), {})


if __name__ == "__main__":
    unittest.main()
