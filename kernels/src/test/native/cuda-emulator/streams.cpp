// Streams, events and graphs. An eager stream runs work at once; a lazy one when something waits for
// it, so that a missing wait in the program shows every time and not now and then.
#include <algorithm>
#include <deque>

#include "driver.h"

namespace emu {

struct Stream {
  std::deque<Work> queue;
  Graph* capture = nullptr;
  bool origin = false;  // of the capture
};

struct Event {
  long recorded = 0, done = 0;
  Stream* stream = nullptr;
  Graph* capture = nullptr;
};

struct GraphExec {
  std::vector<Work> work;
};

namespace {

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

Result finish_wait(const char* call) {
  if (any_capture()) {
    return complain(kCaptureUnsupported, "%s during a capture", call);
  }
  counters.synchronizations++;
  return planned_fault(Fault::kSynchronization);
}

}  // namespace

bool capturing(const Stream* stream) { return known(stream) && stream->capture; }

bool any_capture() {
  return std::any_of(streams.begin(), streams.end(), [](Stream* s) { return s->capture; });
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
  *result = new Stream;
  streams.push_back(*result);
  counters.live_streams++;
  return kSuccess;
}

EXPORT Result cuStreamDestroy_v2(Stream* stream) {
  Guard guard;
  if (!known(stream)) return unknown_stream();
  drain(stream);
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

EXPORT Result cuEventCreate(Event** result, unsigned) {
  Guard guard;
  if (Result error = entry_check()) return error;
  *result = new Event;
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
  if (!known(stream)) return unknown_stream();
  event->capture = stream->capture;
  if (stream->capture) return kSuccess;
  event->stream = stream;
  long ticket = ++event->recorded;
  return enqueue(stream, [=] {
    event->done = ticket;
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

EXPORT Result cuStreamBeginCapture_v2(Stream* stream, int) {
  Guard guard;
  if (Result error = entry_check()) return error;
  if (!known(stream)) return unknown_stream();
  if (stream->capture) return complain(kIllegalState, "the stream is being captured already");
  stream->capture = new Graph;
  stream->origin = true;
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
  *result = stream->capture;
  stream->origin = false;
  for (Stream* other : streams) {
    if (other->capture == *result) other->capture = nullptr;
  }
  return kSuccess;
}

EXPORT Result cuGraphInstantiateWithFlags(GraphExec** result, Graph* graph, unsigned long long) {
  Guard guard;
  if (Result error = entry_check()) return error;
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
