using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Web.Tests;

/// <summary>
/// Every service behind the gateway, answering in the contract's shapes for events that a test gives it. Reading is all it does: nothing
/// here is stored, relayed or compared.
/// </summary>
internal sealed class StubPlatform : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private readonly List<object> _missingInDb = [];
    private readonly List<(string Type, string TraceId, Dictionary<string, object> Payload)> _runify = [];
    private long _lastTraceId;
    private bool _checked;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StubPlatform() => Service = new StubService(AnswerAsync);

    public StubService Service { get; }

    /// <summary>Prefixes of services that break every connection off.</summary>
    public ConcurrentDictionary<string, bool> Away { get; } = [];

    /// <summary>What the consistency check says of every event; null for nothing.</summary>
    public string? Verdict { get; set; }

    /// <summary>How long a consistency check takes.</summary>
    public TimeSpan CheckTakes { get; set; }

    /// <summary>Whether the live tail is offered.</summary>
    public bool HasTail { get; set; } = true;

    public static async Task<StubPlatform> StartAsync()
    {
        var platform = new StubPlatform();
        await platform.Service.StartAsync();
        return platform;
    }

    /// <summary>An event that every station has; its trace id.</summary>
    public string Add(string type, long id, decimal price, string text = "Apartment", DateTimeOffset? at = null, int latencyMs = 12)
    {
        lock (_lock)
        {
            var accepted = at ?? DateTimeOffset.UtcNow;
            // Odd in its last digits, so that a number that was rounded shows.
            _lastTraceId = Math.Max(_lastTraceId + 2, accepted.ToUnixTimeMilliseconds() * 1_000_000 + 669_701);
            Dictionary<string, object> payload =
                type == "listings"
                    ? new()
                    {
                        ["listing_id"] = id,
                        ["listing_price"] = price,
                        ["listing_post"] = "2026-01-07T12:47:00Z",
                        ["listing_type"] = text,
                        ["listing_status"] = "AVAILABLE",
                        ["listing_contact"] = "seller@example.com",
                        ["trace_id"] = _lastTraceId,
                    }
                    : new()
                    {
                        ["bidding_id"] = id,
                        ["listing_id"] = id,
                        ["asking_price"] = price,
                        ["offer_price"] = price,
                        ["offer_date"] = "2026-01-07T12:47:00Z",
                        ["property_square_feet"] = 2013,
                        ["price_per_square_feet"] = 298.06m,
                        ["bid_status"] = "REJECTED",
                        ["trace_id"] = _lastTraceId,
                    };
            _events.Add(new Event(type, id, price, _lastTraceId, accepted, accepted.AddMilliseconds(latencyMs), payload));
            _next.SetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _lastTraceId.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A run that every station has; its trace id.</summary>
    public string AddRun(string user, double duration, double distance, DateTimeOffset? at = null) =>
        AddRunify(
            "running_stats",
            at,
            new()
            {
                ["user_id"] = user,
                ["duration"] = duration,
                ["distance"] = distance,
            }
        );

    /// <summary>A song that every station has; its trace id.</summary>
    public string AddSong(string user, string name, double duration, DateTimeOffset? at = null) =>
        AddRunify(
            "music_info",
            at,
            new()
            {
                ["user_id"] = user,
                ["song_name"] = name,
                ["artist"] = "Woodkid",
                ["song_duration"] = duration,
            }
        );

    private string AddRunify(string type, DateTimeOffset? at, Dictionary<string, object> payload)
    {
        var traceId = Guid.CreateVersion7(at ?? DateTimeOffset.UtcNow).ToString("D");
        payload["timestamp"] = "2024-09-10T09:12:33.001Z";
        payload["trace_id"] = traceId;
        lock (_lock)
            _runify.Add((type, traceId, payload));
        return traceId;
    }

    /// <summary>Makes the next check find an event that is not in the tables.</summary>
    public void Lose(string type, long id, string traceId)
    {
        lock (_lock)
            _missingInDb.Add(
                new
                {
                    event_id = id,
                    trace_id = traceId,
                    type,
                }
            );
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private Event[] Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (Away.ContainsKey(path.Split('/')[1]))
        {
            context.Abort();
            return Task.CompletedTask;
        }
        var events = Events;
        (string Type, string TraceId, Dictionary<string, object> Payload)[] runify;
        lock (_lock)
            runify = [.. _runify];
        var (runs, songs) = (runify.Count(one => one.Type == "running_stats"), runify.Count(one => one.Type == "music_info"));
        var (listings, bids) = (events.Count(one => one.Type == "listings"), events.Count(one => one.Type == "bids"));
        return path switch
        {
            "/health/ready" => JsonAsync(
                context,
                new { status = "Healthy", dependencies = new { database = new { status = "Healthy", description = "It answers." } } }
            ),
            "/metrics" => context.Response.WriteAsync($"eventlog_appended_total {events.Length}\nrelay_sent_total {events.Length}\n"),
            "/storage/site/events/count" => JsonAsync(context, new { listings, bids }),
            "/storage/site/listings" or "/storage/site/bids" => JsonAsync(
                context,
                events.Where(one => path.EndsWith(one.Type, StringComparison.Ordinal)).TakeLast(500).Select(one => one.Payload)
            ),
            "/storage/stats" => JsonAsync(context, new { num_running_stats = runs, num_music_info = songs }),
            "/storage/stats/running" or "/storage/stats/music" => JsonAsync(
                context,
                runify.Where(one => one.Type.StartsWith(path[15..], StringComparison.Ordinal)).Select(one => one.Payload)
            ),
            "/analyzer/running" or "/analyzer/music" => RunifyNthAsync(context, runify, path[10..]),
            "/anomaly/anomalies" => RunifyAnomaliesAsync(context, runify),
            "/check/check" => JsonAsync(
                context,
                new
                {
                    receiver = "Healthy",
                    storage = $"Storage has {runs} runs and {songs} songs",
                    processing = "Unavailable",
                    analyzer = $"Analyzer has {runs} runs and {songs} songs",
                }
            ),
            "/processing/stats" when runify.Length > 0 => JsonAsync(
                context,
                new
                {
                    num_running_stats = runs,
                    num_music_info = songs,
                    max_distance = Values(runify, "distance").Max(),
                    max_run_distance = Values(runify, "distance").Max(),
                    max_duration = Values(runify, "duration").Max(),
                    avg_run_duration = Values(runify, "duration").Average(),
                    avg_song_duration = Values(runify, "song_duration").Average(),
                    last_updated = "2024-10-31T09:53:19Z",
                }
            ),
            "/processing/stats" => events.Length == 0
                ? MessageAsync(context, 404, "Statistics do not exist")
                : JsonAsync(
                    context,
                    new
                    {
                        num_listings = listings,
                        num_bids = bids,
                        max_listing_price = Highest(events, "listings"),
                        max_offer_price = Highest(events, "bids"),
                        last_updated = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    }
                ),
            "/analyzer/stats" => JsonAsync(
                context,
                new
                {
                    Listings = listings,
                    Bids = bids,
                    num_running_stats = runs,
                    num_music_info = songs,
                }
            ),
            "/analyzer/site/listings" or "/analyzer/site/bids" => NthAsync(context, events, path[15..]),
            "/analyzer/tail" => TailAsync(context),
            "/consistency_check/checks" => ChecksAsync(context, listings, bids),
            "/consistency_check/update" => UpdateAsync(context),
            "/anomaly_detector/anomalies" => AnomaliesAsync(context, events),
            _ when path.StartsWith("/analyzer/events/", StringComparison.Ordinal) => StationsAsync(context, events, path[17..]),
            _ => MessageAsync(context, 404, "There is nothing here"),
        };
    }

    private static IEnumerable<double> Values((string Type, string TraceId, Dictionary<string, object> Payload)[] events, string key) =>
        events.Select(one => one.Payload.GetValueOrDefault(key)).OfType<double>().DefaultIfEmpty(0);

    private static Task RunifyNthAsync(
        HttpContext context,
        (string Type, string TraceId, Dictionary<string, object> Payload)[] events,
        string type
    )
    {
        var index = int.Parse(context.Request.Query["index"].ToString(), CultureInfo.InvariantCulture);
        var found = events.Where(one => one.Type.StartsWith(type, StringComparison.Ordinal)).Skip(index).FirstOrDefault().Payload;
        return found is null ? MessageAsync(context, 404, "Not Found") : JsonAsync(context, found);
    }

    private static Task RunifyAnomaliesAsync(
        HttpContext context,
        (string Type, string TraceId, Dictionary<string, object> Payload)[] events
    )
    {
        var odd = events
            .Where(one => one.Payload.GetValueOrDefault("distance") is > 42000d || one.Payload.GetValueOrDefault("song_duration") is < 30d)
            .Select(one => new
            {
                event_id = one.Payload["user_id"],
                trace_id = one.TraceId,
                event_type = one.Type,
                anomaly_type = one.Type == "running_stats" ? "LongRun" : "ShortSong",
                description = $"Seen of {one.Payload.GetValueOrDefault("song_name", "a run")}",
                timestamp = "2024-10-31T09:53:19Z",
            })
            .Reverse()
            .ToList();
        return odd.Count == 0 ? MessageAsync(context, 404, "Statistics do not exist") : JsonAsync(context, odd);
    }

    private static decimal Highest(Event[] events, string type) =>
        events.Where(one => one.Type == type).Select(one => one.Price).DefaultIfEmpty(0).Max();

    private static Task NthAsync(HttpContext context, Event[] events, string type)
    {
        var index = context.Request.Query["index"].ToString();
        if (!int.TryParse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position))
        {
            return JsonAsync(
                context,
                new
                {
                    type = "about:blank",
                    title = "Bad Request",
                    detail = $"The parameter index cannot be read from '{index}'.",
                    status = 400,
                },
                400
            );
        }
        var found = events.Where(one => one.Type == type).Skip(position).FirstOrDefault();
        return position < 0 || found is null
            ? MessageAsync(context, 404, $"No message at index {position}!")
            : JsonAsync(context, new[] { found.Payload });
    }

    private async Task TailAsync(HttpContext context)
    {
        if (!HasTail)
        {
            await MessageAsync(context, 503, "Too many follow the tail");
            return;
        }
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": here\n\n");
        await context.Response.Body.FlushAsync();
        var sent = Events.Length;
        while (!context.RequestAborted.IsCancellationRequested)
        {
            Task next;
            lock (_lock)
                next = _next.Task;
            foreach (var one in Events.Skip(sent))
            {
                sent++;
                var frame = JsonSerializer.Serialize(
                    new
                    {
                        type = one.Type,
                        index = sent,
                        trace_id = one.TraceId.ToString(CultureInfo.InvariantCulture),
                        event_id = $"{one.Id}",
                        indexed_at = one.Indexed,
                        payload = one.Payload,
                    },
                    Json
                );
                await context.Response.WriteAsync($"id: 1:{sent}\ndata: {frame}\n\n");
            }
            await context.Response.Body.FlushAsync();
            await next.WaitAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task UpdateAsync(HttpContext context)
    {
        await Task.Delay(CheckTakes);
        _checked = true;
        await JsonAsync(context, new { processing_time_ms = 17 });
    }

    private Task ChecksAsync(HttpContext context, int listings, int bids)
    {
        if (!_checked)
            return MessageAsync(context, 404, "No consistency checks have been run yet");
        object[] missing;
        lock (_lock)
            missing = [.. _missingInDb];
        return JsonAsync(
            context,
            new
            {
                last_updated = DateTime.UtcNow,
                counts = new
                {
                    db = new { listings = listings - missing.Length, bids },
                    queue = new { listings, bids },
                    processing = new { listings = listings - missing.Length, bids },
                },
                missing_in_db = missing,
                missing_in_queue = Array.Empty<object>(),
            }
        );
    }

    private static Task AnomaliesAsync(HttpContext context, Event[] events)
    {
        var odd = events
            .Where(one => one.Price < 1000)
            .Select(one => new
            {
                event_id = $"{one.Id}",
                trace_id = $"{one.TraceId}",
                event_type = one.Type,
                anomaly_type = "Too Low",
                description = FormattableString.Invariant(
                    $"The price {one.Price} is below 1000.00 ({one.Payload.GetValueOrDefault("listing_type")})."
                ),
            })
            .ToList();
        if (odd.Count > 0)
            return JsonAsync(context, odd);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task StationsAsync(HttpContext context, Event[] events, string traceId)
    {
        var found = events.FirstOrDefault(one => one.TraceId.ToString(CultureInfo.InvariantCulture) == traceId);
        return found is null
            ? MessageAsync(context, 404, "No event has this trace id")
            : JsonAsync(
                context,
                new
                {
                    trace_id = traceId,
                    type = found.Type,
                    event_id = found.Id,
                    stations = new
                    {
                        accepted = new
                        {
                            state = "reached",
                            at = found.Accepted,
                            partition = 2,
                            seq = 1843200712345678901,
                        },
                        relayed = new { state = "reached", at = found.Accepted.AddMilliseconds(3) },
                        topic = new
                        {
                            state = "reached",
                            at = found.Accepted.AddMilliseconds(3),
                            topic = "events",
                            partition = 2,
                            offset = 17,
                        },
                        indexed = new
                        {
                            state = "reached",
                            at = found.Indexed,
                            index = 4,
                        },
                        stored = new
                        {
                            state = "reached",
                            at = found.Indexed.AddMilliseconds(4),
                            partition = 2,
                            row_no = 9,
                        },
                        counted = new { state = "unreachable", detail = "processing did not answer within 1 s." },
                        verdict = Verdict is null ? (object)new { state = "not_reached", detail = "Consistency knows nothing of it." }
                        : Verdict == "pending"
                            ? (object)
                                new
                                {
                                    state = "not_reached",
                                    detail = "No comparison has come to it yet.",
                                    verdict = Verdict,
                                }
                        : new
                        {
                            state = "reached",
                            at = found.Indexed.AddMilliseconds(5),
                            verdict = Verdict,
                        },
                        anomalies = new
                        {
                            state = "reached",
                            found = found.Price < 1000
                                ? new object[]
                                {
                                    new
                                    {
                                        anomaly_type = "Too Low",
                                        description = "The price is below 1000.00.",
                                        detected_at = found.Indexed,
                                    },
                                }
                                : [],
                        },
                    },
                }
            );
    }

    private static Task MessageAsync(HttpContext context, int status, string message) => JsonAsync(context, new { message }, status);

    private static Task JsonAsync(HttpContext context, object body, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(body, Json));
    }

    private sealed record Event(
        string Type,
        long Id,
        decimal Price,
        long TraceId,
        DateTimeOffset Accepted,
        DateTimeOffset Indexed,
        Dictionary<string, object> Payload
    );
}
