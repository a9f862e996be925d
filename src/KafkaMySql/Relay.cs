using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>All partitions of the relay in this process, owned or not, and what the last heartbeat knew of them.</summary>
internal sealed class Relay : ICommittedRows, IRelayNudge, IAsyncDisposable
{
    private readonly PartitionRelay[] _partitions;
    private readonly Nudges _nudges;
    private readonly RelayProducer _producer;
    private volatile ClusterView _view = ClusterView.Empty;

    public Relay(
        IOptions<OutboxOptions> options,
        Node node,
        LogRows log,
        RelayProducer producer,
        Nudges nudges,
        EventLogMetrics metrics,
        TimeProvider clock,
        ILogger<Relay> logger
    )
    {
        _nudges = nudges;
        _producer = producer;
        _partitions =
        [
            .. Enumerable
                .Range(0, options.Value.Partitions)
                .Select(partition => new PartitionRelay(partition, options.Value, node, log, producer, metrics, clock, logger)),
        ];
    }

    public IReadOnlyList<PartitionRelay> Partitions => _partitions;

    /// <summary>What the last good heartbeat read.</summary>
    public ClusterView View
    {
        get => _view;
        set => _view = value;
    }

    public void Committed(int partition, IReadOnlyList<LogRow> rows)
    {
        var relay = _partitions[partition];
        if (relay.IsOwned)
            relay.Committed(rows);
        else
            _nudges.Mark(partition, OwnerOf(partition));
    }

    public void Nudge(int partition)
    {
        if (partition >= 0 && partition < _partitions.Length && _partitions[partition].IsOwned)
            _partitions[partition].Look();
    }

    /// <summary>The lease ran out: stop producing now, and drop what the producer still holds.</summary>
    public void Abandon()
    {
        if (!_partitions.Any(partition => partition.IsOwned))
            return;
        foreach (var partition in _partitions)
            partition.Abandon();
        _producer.Discard();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var partition in _partitions)
            await partition.DisposeAsync().ConfigureAwait(false);
    }

    private string? OwnerOf(int partition)
    {
        var view = _view;
        var owner = view.Partitions.FirstOrDefault(one => one.Number == partition)?.Owner;
        return owner is null ? null : view.Nodes.FirstOrDefault(node => node.Number == owner)?.Url;
    }
}
