using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KafkaMySql.Tests;

/// <summary>Stands between a client and its database and cuts the connection at a COMMIT, before or after it was passed on.</summary>
internal sealed class InboxTestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _cuts;

    public InboxTestProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Cut
    {
        None,
        BeforeCommit,
        AfterCommit,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Cut Next { get; set; }

    public int Cuts => _cuts;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await Task.WhenAny(
                    PumpAsync(client.GetStream(), server.GetStream(), true),
                    PumpAsync(server.GetStream(), client.GetStream(), false)
                );
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // A cut connection is what this proxy is for.
            }
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool fromClient)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await from.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                return;
            var commit = fromClient && Next is not Cut.None && IsCommit(Encoding.Latin1.GetString(buffer, 0, read));
            if (commit)
                Interlocked.Increment(ref _cuts);
            if (commit && Next is Cut.BeforeCommit)
            {
                Next = Cut.None;
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            if (commit)
            {
                Next = Cut.None;
                // The server has it now; its answer goes nowhere.
                await Task.Delay(100, _stop.Token);
                return;
            }
        }
    }

    // The command's code, and on MySQL the number of query attributes, stand before the text.
    private static bool IsCommit(string bytes) =>
        bytes.Contains("\u0003COMMIT", StringComparison.OrdinalIgnoreCase)
        || bytes.Contains("\u0003\u0000\u0001COMMIT", StringComparison.OrdinalIgnoreCase);
}
