namespace KafkaMySql;

/// <summary>The relay's half of go-back-N for one partition: how far was sent and how far Kafka has acknowledged, without a hole.</summary>
internal sealed class RelayCursor(ulong start)
{
    private RewindTarget _rewind;

    /// <summary>Kafka has everything up to here, as far as this relay knows.</summary>
    public ulong Acked { get; private set; } = start;

    /// <summary>Handed to the producer up to here.</summary>
    public ulong Sent { get; private set; } = start;

    public bool InFlight => Sent != Acked;

    /// <summary>Whether a row in memory is the one that follows what was sent; if not, the log is read.</summary>
    public bool IsNext(ulong after) => after == Sent;

    /// <summary>The <c>after</c> a row is sent with: its own, unless the rows between are gone.</summary>
    public ulong AfterOf(ulong seq, ulong after) => _rewind.Expired && seq == _rewind.FirstSeq ? Math.Min(after, _rewind.Position) : after;

    public void Produced(ulong seq) => Sent = seq;

    public void Delivered(ulong seq) => Acked = seq;

    /// <summary>Something did not arrive, or is not known to have: everything after the last acknowledged row is sent again.</summary>
    public void Failed() => Sent = Acked;

    /// <summary>Goes back for a reader; only while nothing is in flight.</summary>
    public void Rewind(RewindTarget target)
    {
        if (InFlight)
            throw new InvalidOperationException("A cursor goes back only while nothing is in flight.");
        _rewind = target;
        Sent = Acked = target.Position;
    }
}
