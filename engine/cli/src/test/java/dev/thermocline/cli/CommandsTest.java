package dev.thermocline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Building one command gives the same as building all. */
class CommandsTest {
  @Test
  void everyCommandIsFoundByItsName() {
    CommandLine all = Commands.all();
    assertTrue(all.getSubcommands().size() > 16, all.getSubcommands().keySet().toString());
    all.getSubcommands()
        .forEach((name, command) -> {
          CommandLine one = Commands.of(new String[] {name});
          assertTrue(one.getSubcommands().containsKey(name), name);
          assertEquals(
              command.getUsageMessage(), one.getSubcommands().get(name).getUsageMessage(), name);
        });
  }

  @Test
  void onlyWhatIsAskedForIsBuilt() {
    assertEquals(
        Set.of("run"), Commands.of(new String[] {"run", "-n", "5"}).getSubcommands().keySet());
  }

  @Test
  void withoutACommandAllAreKnown() {
    int all = Commands.all().getSubcommands().size();
    assertEquals(all, Commands.of(new String[] {}).getSubcommands().size());
    assertEquals(all, Commands.of(new String[] {"--help"}).getSubcommands().size());
    assertEquals(all, Commands.of(new String[] {"rnu"}).getSubcommands().size());
    assertEquals(all, Commands.of(new String[] {"completion", "bash"}).getSubcommands().size());
  }
}
