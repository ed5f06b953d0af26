package io.joblens.reliability;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program in which a vendor's client runs: what loops for ever or eats all memory can only be
 * ended with its JVM. It is told on its input to open a client for an endpoint or to call, and says
 * of each call how it ended.
 */
final class SdkProgram {
  private SdkProgram() {}

  /**
   * How a call ended.
   *
   * @param ids the ids in its answer; null if it threw
   * @param exception the name of the class of what it threw
   * @param isDocumented whether that is one of the vendor's own
   * @param isTelling whether that, or what it has for causes, shows a secret
   */
  record Ending(
      @Nullable List<String> ids, String exception, boolean isDocumented, boolean isTelling) {
    private static final String THREW = "threw";

    private String line() {
      return ids == null
          ? String.join("\t", THREW, exception, "" + isDocumented, "" + isTelling)
          : String.join("\t", ids);
    }

    static Ending of(String line) {
      String[] words = line.split("\t");
      if (words[0].equals(THREW)) {
        return new Ending(null, words[1], words[2].equals("true"), words[3].equals("true"));
      }
      return new Ending(line.isEmpty() ? List.of() : List.of(words), "", false, false);
    }
  }

  /** The argument is the SDK's name. */
  @SuppressWarnings("SystemOut") // what it answers with
  public static void main(String[] arguments) throws Exception {
    Sdk sdk = Sdk.valueOf(arguments[0]);
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever libraries print
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Sdk.Call call = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.err.println("[" + sdk + "] " + line);
      if (line.startsWith("open ")) {
        close(call);
        call = sdk.open(URI.create(line.substring(line.lastIndexOf(' ') + 1)));
      } else if (call != null) {
        answers.println(ending(sdk, call).line());
      }
    }
    close(call);
  }

  private static void close(Sdk.@Nullable Call call) {
    if (call != null) {
      call.close();
    }
  }

  private static Ending ending(Sdk sdk, Sdk.Call call) {
    try {
      List<String> ids = call.ids();
      System.err.println(ids);
      return new Ending(ids, "", false, false);
    } catch (Throwable e) {
      e.printStackTrace();
      return new Ending(
          null, e.getClass().getSimpleName(), sdk.documents(e), Canaries.areIn(Cell.words(e)));
    }
  }
}
