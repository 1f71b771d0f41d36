package dev.thermocline.cli;

import dev.thermocline.models.store.ModelStore;
import dev.thermocline.models.store.StoreException;
import dev.thermocline.models.store.StoreSettings;
import dev.thermocline.models.store.StoredModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes models. */
@Command(
    name = "rm",
    description = "Removes models from this machine; what other snapshots use stays.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  thermocline rm owner/repo:Q4_K_M"})
final class RemoveCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "NAME", description = "A name as list shows it.")
  private List<String> names = List.of();

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask.")
  private boolean yes;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  @Override
  public Integer call() throws Exception {
    ModelStore store = new ModelStore(StoreSettings.ofEnvironment());
    List<StoredModel> models = new ArrayList<>();
    for (String name : names) {
      models.add(
          store
              .findOnly(name)
              .orElseThrow(() ->
                  new StoreException(
                      name + ": no such model in the store; thermocline list shows them")));
    }
    if (!yes && !confirmed(models)) {
      System.err.println("nothing was removed");
      return 1;
    }
    for (StoredModel model : models) {
      long freed = store.remove(model);
      System.err.println("removed " + model.name() + ", " + Bytes.format(freed) + " freed");
    }
    return 0;
  }

  private static boolean confirmed(List<StoredModel> models) throws IOException {
    for (StoredModel model : models) {
      System.err.println(model.name() + ", " + Bytes.format(model.bytes()) + ", " + model.path());
    }
    System.err.print("remove? [y/N] ");
    System.err.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    String answer = in.readLine();
    if (answer == null) {
      throw new StoreException("expected an answer on standard input, or --yes");
    }
    return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
