using System.Globalization;
using System.Text.Json;
using TestSupport;

namespace PlatformSupport;

/// <summary>Reads a list of Storage while it grows, page after page by cursor or window after window by time, and keeps what it saw.</summary>
public sealed class PageReader(Uri storage, string route) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly List<string> _seen = [];
    private string? _after;
    private DateTime _until = DateTime.UnixEpoch;

    /// <summary>The trace ids it saw, in order.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>Reads on from the last cursor until a page is empty.</summary>
    public async Task ReadPagesAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var query = _after is null ? "limit=250" : $"limit=250&after={Uri.EscapeDataString(_after)}";
            var (ids, headers) = await GetAsync(query, cancellationToken);
            _seen.AddRange(ids);
            _after = headers["X-Next-After"];
            if (ids.Count == 0)
                return;
        }
    }

    /// <summary>Reads the window from the end of the last one to now.</summary>
    public async Task ReadWindowAsync(CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow;
        var (ids, headers) = await GetAsync($"start_timestamp={Text(_until)}&end_timestamp={Text(end)}", cancellationToken);
        _seen.AddRange(ids);
        // Complete only so far: the next window starts there.
        _until = headers.TryGetValue("X-Complete-Until", out var complete)
            ? DateTime.Parse(complete, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal)
            : end;
    }

    /// <summary>Reads again and again until <paramref name="stop"/>; a server that is away is asked again.</summary>
    public static async Task FollowAsync(Func<CancellationToken, Task> read, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await read(CancellationToken.None);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Killed on purpose, or silent behind a gateway; the cursor or window was not moved.
            }
            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Text(DateTime time) =>
        Uri.EscapeDataString(time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));

    private async Task<(List<string> Ids, Dictionary<string, string> Headers)> GetAsync(string query, CancellationToken cancellationToken)
    {
        using var reply = await _http.GetAsync(new Uri(storage, $"storage/site/{route}?{query}"), cancellationToken);
        var text = await reply.Content.ReadAsStringAsync(cancellationToken);
        if (!reply.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)reply.StatusCode} {text}");
        using var page = JsonDocument.Parse(text);
        var ids = page.RootElement.EnumerateArray().Select(row => row.GetProperty("trace_id").GetRawText()).ToList();
        return (ids, reply.Headers.ToDictionary(header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase));
    }
}
