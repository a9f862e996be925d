using System.Collections.Concurrent;

namespace TestSupport;

/// <summary>What clients know of the events they sent: the promise the platform has to keep.</summary>
public sealed class Journal
{
    private readonly ConcurrentDictionary<string, string> _accepted = new();
    private int _repeats;

    /// <summary>Trace ids answered 201, with what was sent (such as <c>listings 17</c>).</summary>
    public IReadOnlyDictionary<string, string> Accepted => _accepted;

    /// <summary>Requests that were sent again because their first answer was lost or not 201.</summary>
    public int Repeats => _repeats;

    /// <summary>Notes a 201. Two events with one trace id break the promise at once.</summary>
    public void Accept(string traceId, string what)
    {
        if (!_accepted.TryAdd(traceId, what))
            throw new InvalidOperationException($"Trace id {traceId} was given to '{_accepted[traceId]}' and to '{what}'.");
    }

    /// <summary>Notes a second attempt.</summary>
    public void Repeat() => Interlocked.Increment(ref _repeats);
}
