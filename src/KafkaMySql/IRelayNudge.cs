namespace KafkaMySql;

/// <summary>Wakes the relay of a partition whose rows another process has committed. It may be lost: the relay also looks once a second.</summary>
public interface IRelayNudge
{
    /// <summary>Where other nodes <c>POST</c> to, relative to <see cref="OutboxOptions.Url"/>, with the partition in place of <c>{partition}</c>.</summary>
    const string Route = "log/nudge/{partition}";

    /// <summary>There are new rows in <paramref name="partition"/>. An unknown partition is passed over.</summary>
    void Nudge(int partition);
}
