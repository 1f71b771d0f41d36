package dev.thermocline.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** HTTP/1.1 connections that read through {@link SocketReads}. */
final class WatchedConnections implements ServerConnectionSelector {
  private final Http1ConnectionSelector inner;
  private final SocketReads.Limits limits;

  WatchedConnections(Http1Config config, SocketReads.Limits limits) {
    this.inner = Http1ConnectionSelector.builder().config(config).build();
    this.limits = limits;
  }

  /** None: there is no other protocol, and the first bytes have a time limit too. */
  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return inner.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    SocketReads reads = new SocketReads(context.dataReader(), context.serverSocket(), limits);
    return inner.connection(new Watched(context, DataReader.create(reads)));
  }

  /** A context with another reader. */
  private record Watched(ConnectionContext inner, DataReader dataReader)
      implements ConnectionContext {
    @Override
    public ListenerContext listenerContext() {
      return inner.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return inner.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return inner.dataWriter();
    }

    @Override
    public Router router() {
      return inner.router();
    }

    @Override
    public HelidonSocket serverSocket() {
      return inner.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return inner.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return inner.localPeer();
    }

    @Override
    public boolean isSecure() {
      return inner.isSecure();
    }

    @Override
    public String socketId() {
      return inner.socketId();
    }

    @Override
    public String childSocketId() {
      return inner.childSocketId();
    }
  }
}
