using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TestSupport;

/// <summary>
/// A proxy before a database server that understands just enough of the protocol to recognise a COMMIT: it can end the connection at
/// exactly that point, before or after the server has seen it, and stop passing anything on at all, like a network that went dark.
/// Connections through it must be unencrypted. With a text, only the commits of transactions count in which it was sent: services have
/// transactions of their own housekeeping too.
/// </summary>
public sealed class CommitCutter : IAsyncDisposable
{
    private const byte QueryCommand = 3;
    private static readonly byte[] Commit = "COMMIT"u8.ToArray();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<TcpClient> _clients = [];
    private readonly List<Task> _tasks = [];
    private readonly int _serverPort;
    private readonly byte[] _writing;
    private TaskCompletionSource _open = Opened();
    private int _cutsBefore;
    private int _cutsAfter;
    private int _swallows;

    /// <summary>
    /// Listens on a port of its own and passes everything on to <paramref name="serverPort"/>; <paramref name="writing"/> is a piece of a
    /// statement that the transactions to cut contain.
    /// </summary>
    public CommitCutter(int serverPort, string writing = "")
    {
        _serverPort = serverPort;
        _writing = Encoding.ASCII.GetBytes(writing);
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    /// <summary>Where clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many commits were cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>The next <paramref name="times"/> commits do not reach the server; both ends see their connection end.</summary>
    public void CutBeforeCommit(int times = 1) => Interlocked.Add(ref _cutsBefore, times);

    /// <summary>The next <paramref name="times"/> commits reach the server and are done; the client sees its connection end before the answer.</summary>
    public void CutAfterCommit(int times = 1) => Interlocked.Add(ref _cutsAfter, times);

    /// <summary>The next commit is swallowed and only the client's connection ends: the server's session, with its locks, stays.</summary>
    public void SwallowCommit() => Interlocked.Increment(ref _swallows);

    /// <summary>Passes nothing on in either direction; connections stay open.</summary>
    public void GoDark()
    {
        lock (_gate)
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Passes on what waited and all that follows.</summary>
    public void GoOn()
    {
        lock (_gate)
            _open.TrySetResult();
    }

    /// <summary>Ends every connection.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            foreach (var client in _clients)
                client.Close();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        GoOn();
        _listener.Stop();
        CutAll();
        Task[] tasks;
        lock (_gate)
            tasks = [.. _tasks];
        await Task.WhenAll(tasks);
        _stop.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_gate)
                    _tasks.Add(ServeAsync(client));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The proxy is being closed.
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        client.NoDelay = true;
        server.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
            lock (_gate)
            {
                _clients.Add(client);
                _clients.Add(server);
            }

            var swallowed = new TaskCompletionSource();
            var up = PassPacketsAsync(client, server, swallowed);
            var down = PassBytesAsync(server.GetStream(), client.GetStream(), swallowed.Task);
            var first = await Task.WhenAny(up, down);
            if (swallowed.Task.IsCompleted)
            {
                client.Close();
                // The server's session stays until the server itself ends it.
                await down;
            }

            await first;
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone; the other goes with it.
        }
        finally
        {
            client.Close();
            server.Close();
            lock (_gate)
            {
                _clients.Remove(client);
                _clients.Remove(server);
            }
        }
    }

    private Task WaitUntilOpenAsync()
    {
        lock (_gate)
            return _open.Task;
    }

    private async Task PassBytesAsync(NetworkStream from, NetworkStream to, Task swallowed)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await from.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                return;
            await WaitUntilOpenAsync();
            // Nobody hears what the server answers to a session that was left behind.
            if (!swallowed.IsCompleted)
                await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private async Task PassPacketsAsync(TcpClient client, TcpClient server, TaskCompletionSource swallowed)
    {
        var (from, to) = (client.GetStream(), server.GetStream());
        var header = new byte[4];
        var counts = false;
        while (true)
        {
            if (await from.ReadAtLeastAsync(header, 4, false, _stop.Token) < 4)
                return;
            var length = BinaryPrimitives.ReadInt32LittleEndian(header) & 0xFFFFFF;
            var packet = new byte[4 + length];
            header.CopyTo(packet, 0);
            await from.ReadExactlyAsync(packet.AsMemory(4), _stop.Token);
            await WaitUntilOpenAsync();
            counts |= packet.AsSpan(4).IndexOf(_writing) >= 0;
            if (!IsCommit(packet.AsSpan(4)) || !counts)
            {
                await to.WriteAsync(packet, _stop.Token);
                continue;
            }

            counts = false;
            if (Take(ref _cutsBefore))
                return;
            if (Take(ref _swallows))
            {
                swallowed.SetResult();
                await to.WriteAsync(WithoutCommit(packet), _stop.Token);
                return;
            }

            if (Take(ref _cutsAfter))
            {
                client.Close();
                await to.WriteAsync(packet, _stop.Token);
                // A close right behind the packet could reach the server before it acts on it.
                await Task.Delay(200, _stop.Token);
                return;
            }

            await to.WriteAsync(packet, _stop.Token);
        }
    }

    // Alone, or behind the statements that it commits.
    private static bool IsCommit(ReadOnlySpan<byte> payload) =>
        payload.Length > Commit.Length && payload[0] == QueryCommand && payload.EndsWith(Commit);

    // What comes before the commit in its packet is carried out; the text then ends with a statement that does nothing.
    private static byte[] WithoutCommit(byte[] packet)
    {
        byte[] without = [.. packet];
        "DO 0  "u8.CopyTo(without.AsSpan(without.Length - Commit.Length));
        return without;
    }

    private bool Take(ref int counter)
    {
        while (true)
        {
            var left = Volatile.Read(ref counter);
            if (left <= 0)
                return false;
            if (Interlocked.CompareExchange(ref counter, left - 1, left) != left)
                continue;
            Cuts++;
            return true;
        }
    }
}
