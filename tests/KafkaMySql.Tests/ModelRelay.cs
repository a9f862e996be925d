namespace KafkaMySql.Tests;

/// <summary>A relay process: it may be the owner, or believe it is.</summary>
internal sealed class ModelRelay(ModelRules rules)
{
    private readonly List<ModelRow> _memory = [];
    private readonly List<ModelRecord> _limbo = [];
    private Dictionary<ModelReader, ReaderWatch> _watches = [];

    public RelayCursor Cursor { get; private set; } = new(0);

    public void Remember(ModelRow row)
    {
        _memory.Add(row);
        if (_memory.Count > 10)
            _memory.RemoveAt(0);
    }

    public void TakeOver(ulong hint)
    {
        Cursor = new RelayCursor(hint);
        _watches = [];
    }

    /// <summary>
    /// Sends a batch. Of it the first <paramref name="arrive"/> records reach the topic; when that is not all, the relay hears of no
    /// delivery, and the rest may still come later.
    /// </summary>
    public void Send(ModelLog log, ModelKafka kafka, int count, int arrive, bool fromMemory)
    {
        var remembered = fromMemory ? _memory.FindIndex(row => Cursor.IsNext(row.After) && row.Seq > Cursor.Sent) : -1;
        var batch = (remembered >= 0 ? _memory.Skip(remembered) : log.Above(Cursor.Sent)).Take(count).ToList();
        foreach (var row in batch)
        {
            var after = rules.AfterOf(Cursor, row.Seq, row.After);
            var record = new ModelRecord(row.Seq, after, row.Trace, row.Kind, after != row.After);
            Cursor.Produced(row.Seq);
            if (arrive-- > 0)
                kafka.Add(record);
            else
                _limbo.Add(record);
        }

        if (arrive >= 0)
            Cursor.Delivered(Cursor.Sent);
        else
            Cursor.Failed();
        log.SentHint = Math.Max(log.SentHint, Cursor.Acked);
    }

    public void DeliverLate(ModelKafka kafka)
    {
        _limbo.ForEach(kafka.Add);
        _limbo.Clear();
    }

    public IReadOnlyList<ulong?> Lasts(List<ModelReader> readers) => [.. readers.Select(reader => WatchOf(reader).Last)];

    public void Observe(ModelReader reader, ModelKafka kafka, TimeSpan now) =>
        WatchOf(reader).Observe(reader.Last, reader.IsStalled(kafka), Cursor.Acked, now);

    public void MaybeRewind(ModelLog log, List<ModelReader> readers, TimeSpan now)
    {
        var wanting = readers.Select(WatchOf).Where(watch => rules.WantsRewind(watch, Cursor.Acked, now)).ToList();
        if (wanting.Count == 0 || Cursor.InFlight)
            return;
        var last = wanting.Min(watch => watch.Last!.Value);
        wanting.ForEach(watch => watch.Rewound(now));
        if (log.TargetFor(last) is { } target)
            Cursor.Rewind(rules.Target(target, last));
    }

    private ReaderWatch WatchOf(ModelReader reader)
    {
        if (!_watches.TryGetValue(reader, out var watch))
            _watches[reader] = watch = new ReaderWatch();
        return watch;
    }
}
