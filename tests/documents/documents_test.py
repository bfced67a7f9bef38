#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that check_documents.py finds what it is there to find."""
import pathlib
import tempfile
import unittest

import check_documents


class Documents(unittest.TestCase):
    def problems(self, text, **others):
        """What is wrong with a page of this text, beside files of these names."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            page = root / "docs" / "page.md"
            page.parent.mkdir()
            page.write_text(text, encoding="utf-8")
            for name, content in others.items():
                (root / "docs" / f"{name}.md").write_text(content, encoding="utf-8")
            self.assertEqual(len(list(check_documents.documents(root))), 1 + len(others))
            return list(check_documents.problems(page, root))

    def test_links_to_what_is_there_are_sound(self):
        text = "[other](other.md) [part](other.md#a-part-of-it) [here](#here) [up](..) [web](https://example.org/x)\n# Here\n"
        self.assertEqual(self.problems(text, other="## A `part` of it\n"), [])

    def test_a_link_to_nothing_is_found(self):
        for text in ("[gone](gone.md)\n", "![gone](gone.png)\n", "[gone]: gone.md\n", '[gone](gone.md "title")\n'):
            self.assertIn("leads to nothing", self.problems(text)[0])

    def test_a_link_to_a_heading_that_is_not_there_is_found(self):
        self.assertIn("no heading", self.problems("[part](#gone)\n# Here\n")[0])
        self.assertIn("no heading", self.problems("[part](other.md#gone)\n", other="# Here\n")[0])

    def test_a_link_out_of_the_repository_is_found(self):
        self.assertIn("out of the repository", self.problems("[up](../../x)\n")[0])

    def test_code_has_no_links(self):
        self.assertEqual(self.problems("`[a](b)`\n```\n[a](b)\n```\n"), [])

    def test_a_path_of_the_source_tree_that_is_not_there_is_found(self):
        self.assertEqual(self.problems("`service/gone.cpp` and `service/gone`\n"),
                         ["docs/page.md:1: service/gone.cpp is not there", "docs/page.md:1: service/gone is not there"])

    def test_a_path_of_the_source_tree_may_be_without_its_suffix(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "service").mkdir()
            (root / "service" / "caption.cpp").touch()
            line = "`service/caption`, `service/caption.cpp`, `service/`, `build/gone`"
            self.assertEqual(check_documents.missing_paths(line, root), [])
            self.assertEqual(check_documents.missing_paths("`service/capt`", root), ["service/capt"])

    def test_a_line_of_more_than_140_columns_is_found_in_text_and_in_code(self):
        self.assertEqual(self.problems("a " * 70 + "\n"), [])
        self.assertIn("docs/page.md:1: 142 columns", self.problems("a " * 71 + "\n")[0])
        self.assertEqual(len(self.problems("```\n" + "a " * 71 + "\n```\n")), 1)

    def test_rows_of_tables_and_single_words_may_be_longer(self):
        self.assertEqual(self.problems("| " + "a " * 80 + "|\n" + "a" * 150 + "\n"), [])


if __name__ == "__main__":
    unittest.main()
