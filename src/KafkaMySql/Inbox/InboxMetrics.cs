using System.Diagnostics.Metrics;

namespace KafkaMySql;

/// <summary>The inbox's instruments in the meter <c>KafkaMySql</c>, each tagged with consumer and partition.</summary>
internal sealed class InboxMetrics : IDisposable
{
    private readonly string _consumer;
    private readonly Meter _meter = new("KafkaMySql");
    private readonly Counter<long> _stored;
    private readonly Counter<long> _adopted;
    private readonly Counter<long> _repeats;
    private readonly Counter<long> _ahead;
    private readonly Counter<long> _foreign;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _parked;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _duration;

    public InboxMetrics(string consumer, IReadOnlyCollection<InboxState> states)
    {
        _consumer = consumer;
        _stored = _meter.CreateCounter<long>("inbox.stored", "{event}", "Rows inserted");
        _adopted = _meter.CreateCounter<long>("inbox.adopted", "{event}", "Rows that were there and got their coordinate");
        _repeats = _meter.CreateCounter<long>("inbox.repeats", "{record}", "Records dropped because they were taken before");
        _ahead = _meter.CreateCounter<long>("inbox.ahead", "{record}", "Records left because one before them was missing");
        _foreign = _meter.CreateCounter<long>("inbox.foreign", "{record}", "Records without the log's headers");
        _deadLetters = _meter.CreateCounter<long>("inbox.dead_letters", "{record}", "Records nobody can take");
        _parked = _meter.CreateCounter<long>("inbox.parked", "{record}", "The log's own records of unknown types");
        _batchSize = _meter.CreateHistogram<int>("inbox.batch.size", "{record}", "Records in a transaction");
        _duration = _meter.CreateHistogram<double>("inbox.batch.duration", "s", "Time of a transaction");
        Gauge("inbox.last", "{seq}", "The last seq that was taken", states, figures => (long)figures.Last);
        Gauge("inbox.lag", "{record}", "Records waiting on the topic", states, figures => figures.Lag);
        Gauge("inbox.waiting", "{partition}", "1 while the partition waits for something to be mended", states, Waiting);
        Gauge("inbox.dead_letters.open", "{record}", "Open dead letters of the log's own records", states, figures => figures.Dead);
        Gauge("inbox.parked.open", "{record}", "Parked records", states, figures => figures.Parked);
        Gauge("inbox.expired", "{range}", "Ranges that expired before they were read", states, figures => figures.Expired);
    }

    public void Committed(int partition, BatchResult result, int records, TimeSpan duration)
    {
        var tags = Tags(partition);
        Add(_stored, result.Stored, tags);
        Add(_adopted, result.Adopted, tags);
        Add(_repeats, result.Plan.Repeats, tags);
        Add(_ahead, result.Plan.Ahead, tags);
        Add(_foreign, result.Plan.Foreign, tags);
        Add(_parked, result.Parked, tags);
        AddDead(result.OwnDeadLetters, "own", tags);
        AddDead(result.ForeignDeadLetters, "foreign", tags);
        _batchSize.Record(records, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Dispose() => _meter.Dispose();

    private static void Add(Counter<long> counter, long number, KeyValuePair<string, object?>[] tags)
    {
        if (number > 0)
            counter.Add(number, tags);
    }

    private void AddDead(int number, string origin, KeyValuePair<string, object?>[] tags)
    {
        if (number > 0)
            _deadLetters.Add(number, [.. tags, new("origin", origin)]);
    }

    private static long? Waiting(InboxFigures figures) => figures.Waiting is null ? 0 : 1;

    private void Gauge(
        string name,
        string unit,
        string description,
        IReadOnlyCollection<InboxState> states,
        Func<InboxFigures, long?> value
    ) =>
        _meter.CreateObservableGauge(
            name,
            () =>
                states
                    .Select(state => state.Figures)
                    .Where(figures => figures.Held)
                    .Select(figures => (figures.Partition, Value: value(figures)))
                    .Where(measured => measured.Value is not null)
                    .Select(measured => new Measurement<long>(measured.Value!.Value, Tags(measured.Partition))),
            unit,
            description
        );

    private KeyValuePair<string, object?>[] Tags(int partition) => [new("consumer", _consumer), new("partition", partition)];
}
