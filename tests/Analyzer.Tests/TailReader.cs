using System.Text;
using System.Text.Json;

namespace Analyzer.Tests;

/// <summary>Reads a stream of server-sent events as a browser does.</summary>
internal sealed class TailReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _reply;
    private readonly StreamReader _reader;

    private TailReader(HttpResponseMessage reply, Stream body)
    {
        _reply = reply;
        _reader = new StreamReader(body, Encoding.UTF8);
    }

    public HttpResponseMessage Reply => _reply;

    public static async Task<TailReader> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var reply = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new TailReader(reply, await reply.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; its name is "message" when it has none. Null when the stream has ended.</summary>
    public async Task<TailEvent?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var (name, id, data) = ("message", (string?)null, new StringBuilder());
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
                return new TailEvent(name, id, JsonDocument.Parse(data.ToString()).RootElement);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = colon < 0 ? "" : line[(colon + 1)..].TrimStart(' ');
            switch (colon < 0 ? line : line[..colon])
            {
                case "event":
                    name = value;
                    break;
                case "id":
                    id = value;
                    break;
                case "data":
                    data.Append(value);
                    break;
            }
        }
        return null;
    }

    /// <summary>The next event of that name, past others.</summary>
    public async Task<TailEvent> NextAsync(string name)
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new InvalidOperationException("The stream has ended.");
            if (next.Name == name)
                return next;
        }
    }

    /// <summary>The trace ids of the next events of the index.</summary>
    public async Task<List<string>> TraceIdsAsync(int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
            ids.Add((await NextAsync("message")).Data.GetProperty("trace_id").GetString()!);
        return ids;
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _reply.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One event of a stream.</summary>
internal sealed record TailEvent(string Name, string? Id, JsonElement Data);
