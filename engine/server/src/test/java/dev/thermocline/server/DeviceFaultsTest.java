package dev.thermocline.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A GPU that fails while requests are served loses none of them, and changes no text. */
@Timeout(300)
class DeviceFaultsTest {
  private static final int CLIENTS = 3;

  private EmulatedCuda cuda;

  @BeforeEach
  void loadDriver() {
    cuda = EmulatedCuda.load();
  }

  @AfterEach
  void reset() {
    if (cuda != null) {
      cuda.reset();
    }
  }

  private static EngineOptions options(DeviceMode device) {
    return EngineOptions.defaults()
        .withThreads(1)
        .withDevice(device)
        .withHotShare(OptionalDouble.of(device == DeviceMode.CPU ? 0 : 0.25))
        .withContext(64)
        .withBatch(8)
        .withSequences(CLIENTS);
  }

  @Test
  void faultsLoseNoRequest() throws Exception {
    List<String> expected;
    try (ThermoclineServer server = new TestServer().engine(options(DeviceMode.CPU)).start()) {
      expected = texts(server);
    }
    for (Fault fault : List.of(Fault.LAUNCH, Fault.COPY, Fault.SYNCHRONIZATION)) {
      for (boolean lost : new boolean[] {false, true}) {
        cuda.reset();
        try (ThermoclineServer server = new TestServer().engine(options(DeviceMode.AUTO)).start()) {
          if (lost) {
            cuda.loseDevice(fault, 9);
          } else {
            cuda.fail(fault, 9);
          }
          assertEquals(expected, texts(server), fault + (lost ? ", device lost" : ""));
          try (Client client = new Client(server)) {
            assertEquals(
                0,
                client.get("/api/engine/placement").body().at("/layers/0/hot").intValue(),
                "the CPU has taken over");
          }
        }
      }
    }
  }

  private static List<String> texts(ThermoclineServer server) throws Exception {
    try (Client client = new Client(server);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String body =
            "{'messages':[{'role':'user','content':'Number "
                + i
                + " was'}],'temperature':0,'max_tokens':6,'stream':true}";
        running.add(threads.submit(() -> client.chatText(body)));
      }
      List<String> texts = new ArrayList<>();
      for (Future<String> one : running) {
        texts.add(one.get());
      }
      assertTrue(texts.stream().noneMatch(String::isEmpty), texts::toString);
      return texts;
    }
  }
}
