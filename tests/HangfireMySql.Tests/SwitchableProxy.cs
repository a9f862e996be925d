using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using TestSupport;

namespace HangfireMySql.Tests;

/// <summary>A way to the database that is closed at first, and that can be cut: the clients see a server that is not there.</summary>
internal sealed class SwitchableProxy(int target) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();
    private TcpListener? _listener;

    public int Port { get; } = FreePort.Next();

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    /// <summary>Ends all connections and takes no new ones.</summary>
    public void Cut()
    {
        _listener?.Stop();
        foreach (var client in _clients.Keys)
            client.Dispose();
        _clients.Clear();
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = PassAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            _clients[client] = true;
            _clients[server] = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception exception)
                when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One side has gone; the other is closed.
            }
            _clients.TryRemove(client, out _);
            _clients.TryRemove(server, out _);
        }
    }
}
