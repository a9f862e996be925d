using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks;

/// <summary>
/// Closed-loop clients on keep-alive connections that cost as little as possible, because they share the processors with what is measured:
/// requests are bytes made beforehand, of replies only the status and the length are read.
/// </summary>
internal sealed class HttpLoad(Uri address, string path, string contentType)
{
    private readonly byte[] _head = Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: {contentType}\r\nContent-Length: "
    );

    /// <summary>Sends for <paramref name="time"/> with <paramref name="clients"/> clients at once; <paramref name="body"/> makes the n-th body.</summary>
    /// <param name="perSecond">Requests a second of all clients together; null for as many as go.</param>
    public async Task<LoadResult> RunAsync(
        int clients,
        TimeSpan time,
        Func<long, byte[]> body,
        int eventsPerRequest = 1,
        double? perSecond = null
    )
    {
        var latencies = new ConcurrentBag<List<double>>();
        var clock = Stopwatch.StartNew();
        long number = 0;
        long refused = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(client =>
                    Task.Run(async () =>
                    {
                        using var socket = await ConnectAsync();
                        var own = new List<double>(1024);
                        latencies.Add(own);
                        var buffer = new byte[256 * 1024];
                        var pause = perSecond is { } rate ? TimeSpan.FromSeconds(clients / rate) : TimeSpan.Zero;
                        var next = pause * ((double)client / clients);
                        while (clock.Elapsed < time)
                        {
                            if (perSecond is not null)
                            {
                                if (next > clock.Elapsed)
                                    await Task.Delay(next - clock.Elapsed);
                                next += pause;
                            }
                            var request = Request(body(Interlocked.Increment(ref number) - 1));
                            var from = Stopwatch.GetTimestamp();
                            await socket.SendAsync(request);
                            if (await ReadStatusAsync(socket, buffer) is 200 or 201)
                                own.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                            else
                                Interlocked.Increment(ref refused);
                        }
                    })
                )
        );
        var elapsed = clock.Elapsed;
        var all = latencies.SelectMany(list => list).Order().ToArray();
        return new LoadResult(all.Length * (long)eventsPerRequest, refused, elapsed, Percentile(all, 0.5), Percentile(all, 0.99));
    }

    public static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return socket;
    }

    private byte[] Request(byte[] body)
    {
        var length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{body.Length}\r\n\r\n"));
        var request = new byte[_head.Length + length.Length + body.Length];
        _head.CopyTo(request, 0);
        length.CopyTo(request, _head.Length);
        body.CopyTo(request, _head.Length + length.Length);
        return request;
    }

    private static async Task<int> ReadStatusAsync(Socket socket, byte[] buffer)
    {
        var read = 0;
        var end = -1;
        while (end < 0)
        {
            var some = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (some == 0)
                throw new IOException("The server closed the connection.");
            read += some;
            end = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
        }
        var status = int.Parse(buffer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var head = Encoding.ASCII.GetString(buffer, 0, end);
        if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            while (!buffer.AsSpan(0, read).EndsWith("0\r\n\r\n"u8))
                read += await MoreAsync(socket, buffer, read);
            return status;
        }
        var length = ContentLength(head);
        while (read < end + 4 + length)
            read += await MoreAsync(socket, buffer, read);
        return status;
    }

    private static async Task<int> MoreAsync(Socket socket, byte[] buffer, int read)
    {
        var some = await socket.ReceiveAsync(buffer.AsMemory(read));
        return some > 0 ? some : throw new IOException("The server closed the connection in the middle of a reply.");
    }

    private static int ContentLength(string head)
    {
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return 0;
        var end = head.IndexOf('\r', at);
        return int.Parse(head.AsSpan(at + 16, (end < 0 ? head.Length : end) - at - 16), CultureInfo.InvariantCulture);
    }
}

/// <summary>What a load run achieved; latencies in milliseconds.</summary>
internal sealed record LoadResult(long Events, long Refused, TimeSpan Time, double P50, double P99)
{
    public double PerSecond => Events / Time.TotalSeconds;
}
