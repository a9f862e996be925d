using Analyzer.Reading;
using Contracts;
using MySqlConnector;
using ServiceDefaults;

namespace Analyzer.Tail;

/// <summary>
/// Sends one client what the index takes, from where the client is. It reads the index itself, a small page at a time, and only when the page before
/// was taken: so a slow client costs no more memory than a page, and what it misses is counted exactly.
/// </summary>
internal sealed class TailStream(TailHub hub, EventIndex index, IConfiguration configuration, TimeProvider clock)
{
    private const int PageRows = 100;
    private const long PageBytes = 256 * 1024;

    private readonly int _mostBehind = Settings.AnalyzerTailLag.Read(configuration);
    private readonly TimeSpan _heartbeat = Settings.AnalyzerTailHeartbeat.Read(configuration);

    /// <summary>Sends until the client goes or the service stops.</summary>
    public async Task RunAsync(HttpResponse response, TailPosition position, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // A proxy that collects replies before it passes them on would make a live stream a late one.
        response.Headers["X-Accel-Buffering"] = "no";
        var writer = new TailWriter(response);
        writer.Start(position);
        await writer.FlushAsync(cancellationToken);
        string? told = null;
        while (true)
        {
            var (ends, changed) = hub.Look();
            if (ends is { Trouble: { } trouble } && told != trouble)
                writer.Trouble(trouble);
            told = ends?.Trouble;
            var sent = ends is { Trouble: null } && await SendAsync(writer, position, ends.Next, cancellationToken);
            if (!sent && !await WaitAsync(changed, cancellationToken))
                writer.Heartbeat(clock.GetUtcNow());
            await writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the next page; false when there is nothing.</summary>
    private async Task<bool> SendAsync(
        TailWriter writer,
        TailPosition position,
        IReadOnlyDictionary<ushort, long> ends,
        CancellationToken cancellationToken
    )
    {
        if (position.Types.Any(type => position[type] > End(type)))
        {
            foreach (var type in position.Types.ToList())
                position[type] = End(type);
            writer.Reset(position);
        }
        var behind = position.Types.ToDictionary(type => type, type => End(type) - position[type]);
        var total = behind.Values.Sum();
        if (total == 0)
            return false;
        if (total > _mostBehind)
            Drop(writer, position, behind, total);

        var page = new List<IndexRow>();
        try
        {
            foreach (var type in position.Types.Where(type => position[type] < End(type)).ToList())
            {
                var rows = await index.FromAsync(type, position[type], PageRows, PageBytes, cancellationToken);
                // Somebody took rows away by hand: there is nothing to wait for.
                if (rows.Count == 0)
                    position[type] = End(type);
                page.AddRange(rows);
            }
        }
        catch (MySqlException)
        {
            // The hub says so to everybody; what was not read is read when the database is back.
            return false;
        }
        foreach (var row in page.OrderBy(row => row.IndexedAt).ThenBy(row => row.Type.Id).ThenBy(row => row.Position))
        {
            position[row.Type] = row.Position + 1;
            writer.Event(row, position);
        }
        return true;

        long End(EventType type) => ends.GetValueOrDefault(type.Id);
    }

    // Of every type as large a part is kept as it has of what is behind, the newest.
    private void Drop(TailWriter writer, TailPosition position, Dictionary<EventType, long> behind, long total)
    {
        var dropped = new Dictionary<EventType, long>();
        foreach (var (type, count) in behind)
        {
            dropped[type] = count - (long)((Int128)_mostBehind * count / total);
            position[type] += dropped[type];
        }
        writer.Dropped(dropped, position);
    }

    private async Task<bool> WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(_heartbeat, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
