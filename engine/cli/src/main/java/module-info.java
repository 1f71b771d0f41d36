/** The thermocline command. */
@org.jspecify.annotations.NullMarked
module dev.thermocline.cli {
  requires static org.jspecify;
  requires dev.thermocline.engine;
  requires dev.thermocline.server;
  requires info.picocli;
  requires java.management;
  requires jdk.management;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires tools.jackson.databind;

  provides System.LoggerFinder with
      dev.thermocline.cli.StderrLoggers;

  opens dev.thermocline.cli to
      info.picocli;
}
