// SPDX-License-Identifier: Apache-2.0
// Runs PixelMed's SR validator over the files named on standard input, in one virtual machine, for its rules take
// seconds to load; the argument is the number of threads. Template identifiers and the order of content items are
// checked too. Prints "FILE path" and what the validator says of it, and in the end "DONE n", so that a crash cannot
// look like silence.
import com.pixelmed.validate.DicomSRValidator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

public class ValidateReports {
  private static int validate(Queue<String> paths) throws Exception {
    DicomSRValidator validator = new DicomSRValidator(); // not shared: its transformers have state
    int count = 0;
    for (String path = paths.poll(); path != null; path = paths.poll()) {
      String verdict = validator.validate(path, false, true, false, true, true);
      System.out.println("FILE " + path + "\n" + verdict);
      ++count;
    }
    return count;
  }

  public static void main(String[] arguments) throws Exception {
    Queue<String> paths = new ConcurrentLinkedQueue<>();
    new BufferedReader(new InputStreamReader(System.in, "UTF-8")).lines().forEach(paths::add);
    int threads = Integer.parseInt(arguments[0]);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Integer>> counts = new ArrayList<>();
    for (int i = 0; i < threads; ++i) counts.add(pool.submit(() -> validate(paths)));
    int count = 0;
    for (Future<Integer> part : counts) count += part.get();
    pool.shutdown();
    System.out.println("DONE " + count);
  }
}
