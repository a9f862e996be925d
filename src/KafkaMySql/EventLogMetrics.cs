using System.Diagnostics.Metrics;

namespace KafkaMySql;

/// <summary>What the log and its relay count and time; the meter's name is <c>KafkaMySql</c>.</summary>
internal sealed class EventLogMetrics : IDisposable
{
    public const string MeterName = "KafkaMySql";
    private readonly Counter<long> _appended;
    private readonly Counter<long> _repeated;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _commitSeconds;
    private readonly Counter<long> _relayed;
    private readonly Counter<long> _relayFailures;
    private readonly Counter<long> _rewinds;

    public EventLogMetrics()
    {
        Meter = new Meter(MeterName);
        _appended = Meter.CreateCounter<long>("eventlog.appended", "{event}", "Events committed to the log.");
        _repeated = Meter.CreateCounter<long>(
            "eventlog.repeated",
            "{event}",
            "Requests answered from an earlier one with the same idempotency key."
        );
        _batchSize = Meter.CreateHistogram<int>(
            "eventlog.batch.size",
            "{event}",
            "Events of one transaction.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000] }
        );
        _commitSeconds = Meter.CreateHistogram<double>(
            "eventlog.commit.duration",
            "s",
            "Time from taking a batch to its commit.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
            }
        );
        _relayed = Meter.CreateCounter<long>("relay.sent", "{event}", "Events Kafka acknowledged, repeats included.");
        _relayFailures = Meter.CreateCounter<long>("relay.failures", "{batch}", "Batches Kafka did not acknowledge in full.");
        _rewinds = Meter.CreateCounter<long>("relay.rewinds", "{rewind}", "Times the relay went back for a reader.");
    }

    public Meter Meter { get; }

    public void Committed(IReadOnlyList<PendingAppend> batch, TimeSpan took)
    {
        var rows = 0;
        foreach (var append in batch)
            rows += append.Row is null ? 0 : 1;
        _appended.Add(rows);
        if (batch.Count > rows)
            _repeated.Add(batch.Count - rows);
        _batchSize.Record(batch.Count);
        _commitSeconds.Record(took.TotalSeconds);
    }

    public void Relayed(int partition, long rows) => _relayed.Add(rows, new KeyValuePair<string, object?>("partition", partition));

    public void RelayFailed(int partition) => _relayFailures.Add(1, new KeyValuePair<string, object?>("partition", partition));

    public void Rewound(int partition, string reader) =>
        _rewinds.Add(1, new KeyValuePair<string, object?>("partition", partition), new KeyValuePair<string, object?>("reader", reader));

    public void Dispose() => Meter.Dispose();
}
