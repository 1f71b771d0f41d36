package dev.thermocline.server.openai;

import dev.thermocline.server.http.ApiException;
import dev.thermocline.server.models.Admission;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The requests whose texts are under way, for ending them. Safe for use by several threads. */
public final class ActiveCalls {
  /** Why texts were ended early. */
  enum CancelReason {
    NONE,
    CLIENT_GONE,
    STOPPING
  }

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /** One request's texts; closing says that it is answered. */
  final class Call implements AutoCloseable {
    private final List<TextRun> runs;
    private final Admission.Ticket ticket;
    private volatile CancelReason cancelReason = CancelReason.NONE;

    private Call(List<TextRun> runs, Admission.Ticket ticket) {
      this.runs = List.copyOf(runs);
      this.ticket = ticket;
    }

    List<TextRun> runs() {
      return runs;
    }

    CancelReason cancelReason() {
      return cancelReason;
    }

    /** Ends the texts at their next tokens. */
    void cancel() {
      runs.forEach(TextRun::cancel);
    }

    void cancel(CancelReason reason) {
      if (cancelReason == CancelReason.NONE) {
        cancelReason = reason;
      }
      cancel();
    }

    @Override
    public void close() {
      cancel();
      calls.remove(this);
      ticket.close();
    }
  }

  /**
   * Registers texts that were just submitted.
   *
   * @param ticket their places, given back with the call
   */
  Call begin(List<TextRun> runs, Admission.Ticket ticket) {
    Call call = new Call(runs, ticket);
    calls.add(call);
    return call;
  }

  /**
   * Lets work begin.
   *
   * @throws ApiException if none may begin any more
   */
  void checkOpen() {
    if (draining) {
      throw ApiException.unavailable(5, "stopping", "the server is stopping");
    }
  }

  /** Whether the server is stopping. */
  public boolean isDraining() {
    return draining;
  }

  /** Requests under way. */
  public int count() {
    return calls.size();
  }

  /** From now on no text begins. */
  public void drain() {
    draining = true;
  }

  /** Ends all texts. */
  public void cancelAll() {
    calls.forEach(call -> call.cancel(CancelReason.STOPPING));
  }
}
