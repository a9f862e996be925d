using System.Collections.Concurrent;

namespace Hangfire.MySql.Engine;

/// <summary>Remembers when a pooled session was last taken; the driver does not tell.</summary>
internal sealed class IdleSessions
{
    private const int Limit = 1_000;
    private static readonly long Freshness = (long)TimeSpan.FromSeconds(1).TotalMilliseconds;

    private readonly ConcurrentDictionary<int, long> _takenAt = new();

    /// <summary>Notes that a session is taken; true when it was taken just before too, or never and so is new.</summary>
    public bool IsFresh(int session)
    {
        var now = Environment.TickCount64;
        var fresh = !_takenAt.TryGetValue(session, out var before) || now - before < Freshness;
        // Sessions that have ended are never asked for again.
        if (_takenAt.Count > Limit)
            _takenAt.Clear();
        _takenAt[session] = now;
        return fresh;
    }
}
