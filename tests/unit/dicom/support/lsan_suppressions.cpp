// SPDX-License-Identifier: Apache-2.0
// Read by LeakSanitizer where it is built in (preset asan-ubsan). OpenJPEG forgets a few hundred bytes when a
// codestream is damaged; that is not ours to mend.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libopenjp2\n";
}
