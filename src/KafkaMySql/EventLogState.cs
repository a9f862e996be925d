using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace KafkaMySql;

/// <summary>How log and relay are, for health pages and metrics. Reading it costs no I/O.</summary>
public sealed class EventLogState
{
    private readonly EventLogWriter _writer;
    private readonly NodeService _nodes;
    private readonly Node _node;
    private readonly Relay _relay;
    private readonly RelayProducer _producer;
    private readonly ReaderPoller _readers;
    private readonly EventLogDatabase _database;
    private readonly Backlog _backlog;
    private readonly OutboxOptions _options;
    private readonly TimeProvider _clock;

    internal EventLogState(
        EventLogWriter writer,
        NodeService nodes,
        Node node,
        Relay relay,
        RelayProducer producer,
        ReaderPoller readers,
        EventLogDatabase database,
        Backlog backlog,
        IOptions<OutboxOptions> options,
        TimeProvider clock
    )
    {
        _writer = writer;
        _nodes = nodes;
        _node = node;
        _relay = relay;
        _producer = producer;
        _readers = readers;
        _database = database;
        _backlog = backlog;
        _options = options.Value;
        _clock = clock;
    }

    /// <summary>The state now.</summary>
    public EventLogSnapshot Read()
    {
        var health = _writer.Health.IsOpen ? _nodes.Health : _writer.Health;
        var size = _backlog.Size;
        return new EventLogSnapshot
        {
            DatabaseTrouble = health.IsOpen ? null : health.Reason ?? "not connected",
            DatabaseDownSince = health.DownSince,
            DurabilityWarning = _database.DurabilityWarning,
            Node = _node.LiveLease?.Node,
            KafkaTrouble = _relay.Partitions.Any(partition => partition.IsOwned) ? _producer.Trouble : null,
            ReaderAhead = _nodes.ReaderAhead,
            Queued = _writer.QueueLength,
            BacklogRows = size.Rows,
            BacklogBytes = size.Bytes,
            BacklogAge = size.Age,
            BacklogExcess = _backlog.Excess,
            Partitions = [.. _relay.View.Partitions.Select(SnapshotOf)],
            Readers = [.. _options.Readers.Select((reader, index) => SnapshotOf(reader, index))],
        };
    }

    internal void Measure(Meter meter)
    {
        Gauge(meter, "eventlog.head", "{seq}", "The log's last seq.", partition => (long)partition.Head);
        Gauge(meter, "relay.position", "{seq}", "What Kafka acknowledged without a hole.", partition => (long)partition.Acked);
        Gauge(meter, "relay.owned", "{partition}", "1 for a partition this process relays.", partition => partition.OwnedHere ? 1 : 0);
        meter.CreateObservableGauge("eventlog.queued", () => _writer.QueueLength, "{event}", "Events that wait for the writer.");
        meter.CreateObservableGauge("eventlog.backlog", () => _backlog.Size.Rows, "{event}", "Events that Kafka lacks.");
        meter.CreateObservableGauge("eventlog.backlog.size", () => _backlog.Size.Bytes, "By", "Their bytes.");
        meter.CreateObservableGauge("eventlog.backlog.age", () => _backlog.Size.Age.TotalSeconds, "s", "Age of the oldest.");
        Readers(meter, "reader.last", "{seq}", "A reader's last seq.", reader => (double)reader.Last);
        Readers(meter, "reader.lag", "{event}", "Events Kafka has and the reader lacks.", reader => reader.LagRows);
        Readers(meter, "reader.lag.age", "s", "How long ago the first of them was acknowledged.", reader => reader.LagAge.TotalSeconds);
    }

    private void Gauge(Meter meter, string name, string unit, string description, Func<PartitionSnapshot, long> value) =>
        meter.CreateObservableGauge(
            name,
            () =>
                _relay
                    .View.Partitions.Select(SnapshotOf)
                    .Select(partition => new Measurement<long>(
                        value(partition),
                        new KeyValuePair<string, object?>("partition", partition.Partition)
                    )),
            unit,
            description
        );

    private void Readers(Meter meter, string name, string unit, string description, Func<ReaderPartitionSnapshot, double> value) =>
        meter.CreateObservableGauge(
            name,
            () =>
                _options.Readers.SelectMany(
                    (reader, index) =>
                        SnapshotOf(reader, index)
                            .Partitions.Select(partition => new Measurement<double>(
                                value(partition),
                                new KeyValuePair<string, object?>("reader", reader.Name),
                                new KeyValuePair<string, object?>("partition", partition.Partition)
                            ))
                ),
            unit,
            description
        );

    private PartitionSnapshot SnapshotOf(ClusterPartition partition)
    {
        var relay = _relay.Partitions[partition.Number];
        var owner = _relay.View.Nodes.FirstOrDefault(node => node.Number == partition.Owner)?.Url;
        return relay.IsOwned
            ? new PartitionSnapshot(partition.Number, Math.Max(partition.LastSeq, relay.Sent), relay.Sent, relay.Acked, owner, true)
            : new PartitionSnapshot(partition.Number, partition.LastSeq, partition.SentSeq, partition.SentSeq, owner, false);
    }

    private ReaderSnapshot SnapshotOf(LogReader reader, int index)
    {
        var partitions = new List<ReaderPartitionSnapshot>();
        for (var number = 0; number < _relay.Partitions.Count; number++)
        {
            var relay = _relay.Partitions[number];
            if (!relay.IsOwned || relay.Lasts[index] is not { } last)
                continue;
            var (rows, age) = relay.LagOf(last);
            partitions.Add(new ReaderPartitionSnapshot(number, last, rows, age));
        }

        return new ReaderSnapshot(reader.Name, _readers.Trouble[index], partitions);
    }
}
