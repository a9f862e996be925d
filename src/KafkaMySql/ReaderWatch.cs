namespace KafkaMySql;

/// <summary>
/// What the relay knows of one reader in one partition, and when to send again for it. Times are of a clock that only rises.
/// A reader may say "stalled" for reasons sending cannot mend, so tries back off; progress forgets them.
/// </summary>
internal sealed class ReaderWatch
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan HealthyFor = TimeSpan.FromSeconds(10);
    private TimeSpan? _stalledSince;
    private TimeSpan? _goodAt;
    private TimeSpan _pause;
    private TimeSpan _notBefore;

    /// <summary>The reader's last seq as it said it; null before its first answer. It falls when its database was restored.</summary>
    public ulong? Last { get; private set; }

    /// <summary>Notes an answer. A reader that has everything stands still too, so its patience begins when Kafka has more for it.</summary>
    public void Observe(ulong last, bool stalled, ulong acked, TimeSpan now)
    {
        if (Last != last)
        {
            _goodAt = now;
            Last = last;
            _stalledSince = null;
            _pause = TimeSpan.Zero;
            _notBefore = TimeSpan.Zero;
        }

        _stalledSince = stalled && last < acked ? _stalledSince ?? now : null;
    }

    /// <summary>The same <c>last</c> below what Kafka acknowledged was stalled long enough.</summary>
    public bool WantsRewind(ulong acked, TimeSpan now) => Last < acked && now - _stalledSince >= Patience && now >= _notBefore;

    /// <summary>The relay went back for this reader. Until it moves the next time is twice as far away.</summary>
    public void Rewound(TimeSpan now)
    {
        _pause = _pause == TimeSpan.Zero ? 2 * Patience : Shorter(_pause * 2, LongestPause);
        _notBefore = now + _pause;
        // What is sent now is for it, so the relay waits for it a while.
        _goodAt = now;
    }

    /// <summary>
    /// Whether the relay should keep its lead over this reader small: it moved lately, or had everything lately. Asked before every batch,
    /// so that a reader that was idle for long counts when a burst begins.
    /// </summary>
    public bool IsHealthy(ulong acked, TimeSpan now)
    {
        if (Last is null)
            return false;
        if (Last >= acked)
            _goodAt = now;
        return now - _goodAt <= HealthyFor;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
