// Streams, events and graphs. An eager stream runs work at once; a lazy one when something waits for
// it, so that a missing wait in the program shows every time and not now and then.
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <deque>

#include "driver.h"

namespace emu {

struct Stream {
  std::deque<Work> queue;
  Graph* capture = nullptr;
  bool origin = false;  // of the capture
  pthread_t capturer{};
  bool forbids_all = false;  // threads to wait and allocate, not only the one that captures
};

struct Event {
  long recorded = 0, done = 0;
  Stream* stream = nullptr;
  Graph* capture = nullptr;
  bool timed = true;
  std::chrono::steady_clock::time_point passed;
};

struct GraphExec {
  std::vector<Work> work;
};

namespace {

constexpr unsigned kEventDisableTiming = 2;

std::vector<Stream*> streams;

bool known(const Stream* stream) {
  return std::find(streams.begin(), streams.end(), stream) != streams.end();
}

Result unknown_stream() {
  return complain(kInvalidHandle, "no such stream; the default stream is not emulated");
}

bool run_one(Stream* stream) {
  if (stream->queue.empty()) {
    return false;
  }
  Work work = std::move(stream->queue.front());
  stream->queue.pop_front();
  work();
  return true;
}

void run_until(Event* event, long ticket) {
  while (event->done < ticket && known(event->stream) && run_one(event->stream)) {
  }
}

Graph* end_capture(Stream* stream) {
  Graph* graph = stream->capture;
  stream->origin = false;
  for (Stream* other : streams) {
    if (other->capture == graph) other->capture = nullptr;
  }
  return graph;
}

Result finish_wait(const char* call) {
  if (capture_forbids()) {
    return complain(kCaptureUnsupported, "%s during a capture", call);
  }
  counters.synchronizations++;
  return planned_fault(Fault::kSynchronization);
}

}  // namespace

bool capturing(const Stream* stream) { return known(stream) && stream->capture; }

bool capture_forbids() {
  return std::any_of(streams.begin(), streams.end(), [](Stream* s) {
    return s->origin && (s->forbids_all || pthread_equal(s->capturer, pthread_self()));
  });
}

void drain(Stream* stream) {
  while (known(stream) && run_one(stream)) {
  }
}

void drain_all() {
  // By a copy: running work of one stream may run another's.
  for (Stream* stream : std::vector<Stream*>(streams)) {
    drain(stream);
  }
}

Result enqueue(Stream* stream, Work work) {
  if (!known(stream)) {
    return unknown_stream();
  }
  if (stream->capture) {
    stream->capture->work.push_back(std::move(work));
    return kSuccess;
  }
  if (settings.mode == Mode::kEager && stream->queue.empty()) {
    // What fails on the device is reported by a later call, as a device does.
    work();
    return kSuccess;
  }
  stream->queue.push_back(std::move(work));
  if (settings.mode == Mode::kEager) {
    drain(stream);
  }
  return kSuccess;
}

}  // namespace emu

using namespace emu;

EXPORT Result cuStreamCreate(Stream** result, unsigned) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kOther)) return error;
  *result = new Stream;
  streams.push_back(*result);
  counters.live_streams++;
  return kSuccess;
}

EXPORT Result cuStreamDestroy_v2(Stream* stream) {
  Guard guard;
  if (!known(stream)) return unknown_stream();
  drain(stream);
  if (stream->origin) delete end_capture(stream);
  streams.erase(std::find(streams.begin(), streams.end(), stream));
  counters.live_streams--;
  delete stream;
  return kSuccess;
}

EXPORT Result cuStreamSynchronize(Stream* stream) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (!known(stream)) return unknown_stream();
  if (Result error = finish_wait("cuStreamSynchronize")) return error;
  drain(stream);
  return device_error;
}

EXPORT Result cuCtxSynchronize() {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = finish_wait("cuCtxSynchronize")) return error;
  drain_all();
  return device_error;
}

// Asking makes lazy work advance, or who polls would wait for ever.
EXPORT Result cuStreamQuery(Stream* stream) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (!known(stream)) return unknown_stream();
  return run_one(stream) ? kNotReady : device_error;
}

EXPORT Result cuEventCreate(Event** result, unsigned flags) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kOther)) return error;
  *result = new Event;
  (*result)->timed = !(flags & kEventDisableTiming);
  counters.live_events++;
  return kSuccess;
}

EXPORT Result cuEventDestroy_v2(Event* event) {
  Guard guard;
  run_until(event, event->recorded);
  counters.live_events--;
  delete event;
  return kSuccess;
}

EXPORT Result cuEventRecord(Event* event, Stream* stream) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kOther)) return error;
  if (!known(stream)) return unknown_stream();
  event->capture = stream->capture;
  if (stream->capture) return kSuccess;
  event->stream = stream;
  long ticket = ++event->recorded;
  return enqueue(stream, [=] {
    event->done = ticket;
    event->passed = std::chrono::steady_clock::now();
    return kSuccess;
  });
}

EXPORT Result cuEventQuery(Event* event) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (event->done >= event->recorded) return device_error;
  if (known(event->stream)) run_one(event->stream);
  return kNotReady;
}

EXPORT Result cuEventElapsedTime(float* millis, Event* start, Event* end) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (!start->timed || !end->timed) return complain(kInvalidHandle, "an event without timing");
  if (!start->recorded || !end->recorded) return complain(kInvalidHandle, "an event not recorded");
  if (start->done < start->recorded || end->done < end->recorded) return kNotReady;
  *millis = std::chrono::duration<float, std::milli>(end->passed - start->passed).count();
  return device_error;
}

EXPORT Result cuEventSynchronize(Event* event) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = finish_wait("cuEventSynchronize")) return error;
  run_until(event, event->recorded);
  return device_error;
}

EXPORT Result cuStreamWaitEvent(Stream* stream, Event* event, unsigned) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kOther)) return error;
  if (!known(stream)) return unknown_stream();
  if (event->capture) {  // the stream joins the capture, or the capture's branches join
    stream->capture = event->capture;
    return kSuccess;
  }
  if (stream->capture) {
    return complain(kCaptureIsolation, "a capture waits for an event from outside");
  }
  long ticket = event->recorded;
  return enqueue(stream, [=] {
    run_until(event, ticket);
    return kSuccess;
  });
}

EXPORT Result cuLaunchHostFunc(Stream* stream, HostFunction function, void* data) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kLaunch)) return error;
  return enqueue(stream, [=] {
    counters.launches++;
    if (!device_error) function(data);
    return kSuccess;
  });
}

// ---- graphs, by capture

EXPORT Result cuStreamBeginCapture_v2(Stream* stream, int mode) {
  constexpr int kGlobal = 0;
  Guard guard;
  if (Result error = entry_check()) return error;
  if (!known(stream)) return unknown_stream();
  if (stream->capture) return complain(kIllegalState, "the stream is being captured already");
  if (Result error = planned_fault(Fault::kOther)) return error;
  stream->capture = new Graph;
  stream->origin = true;
  stream->capturer = pthread_self();
  stream->forbids_all = mode == kGlobal;
  return kSuccess;
}

EXPORT Result cuStreamIsCapturing(Stream* stream, int* status) {
  Guard guard;
  *status = capturing(stream) ? 1 : 0;
  return kSuccess;
}

EXPORT Result cuStreamEndCapture(Stream* stream, Graph** result) {
  Guard guard;
  if (!known(stream)) return unknown_stream();
  if (!stream->capture || !stream->origin) {
    return complain(kIllegalState, "no capture began on this stream");
  }
  *result = end_capture(stream);
  Result error = device_error ? device_error : planned_fault(Fault::kOther);
  if (error) {
    delete *result;
    *result = nullptr;
  }
  return error;
}

EXPORT Result cuGraphInstantiateWithFlags(GraphExec** result, Graph* graph, unsigned long long) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kOther)) return error;
  *result = new GraphExec{graph->work};
  counters.live_graphs++;
  return kSuccess;
}

EXPORT Result cuGraphLaunch(GraphExec* graph, Stream* stream) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (Result error = planned_fault(Fault::kLaunch)) return error;
  counters.graph_launches++;
  return enqueue(stream, [graph] {
    for (const Work& work : graph->work) {
      if (Result error = work()) return error;
    }
    return kSuccess;
  });
}

EXPORT Result cuGraphDestroy(Graph* graph) {
  Guard guard;
  delete graph;
  return kSuccess;
}

EXPORT Result cuGraphExecDestroy(GraphExec* graph) {
  Guard guard;
  drain_all();
  counters.live_graphs--;
  delete graph;
  return kSuccess;
}
