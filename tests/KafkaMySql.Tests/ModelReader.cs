namespace KafkaMySql.Tests;

/// <summary>A reader: its database (last, offset, table) and where its process stands in the topic.</summary>
internal sealed class ModelReader(string name, ModelRules rules)
{
    private readonly List<(ulong Last, long NextOffset, Dictionary<int, ulong> Table, List<(ulong, ulong)> Expired)> _dumps = [];
    private readonly HashSet<int> _everHad = [];
    private readonly StallRule _stall = new();
    private Dictionary<int, ulong> _table = [];
    private List<(ulong Before, ulong After)> _expired = [];
    private long _nextOffset;
    private long _position;

    public ulong Last { get; private set; }

    public bool IsStalled(ModelKafka kafka) => _stall.IsStalled(_position, kafka.End);

    public void Poll(ModelKafka kafka, ModelLog log, int count)
    {
        // Out of range: auto.offset.reset is earliest.
        if (_position > kafka.End || _position < kafka.Begin)
            _position = kafka.Begin;
        for (; count > 0 && _position < kafka.End; count--)
        {
            Take(kafka[_position], kafka, log);
            _position++;
            _nextOffset = _position;
        }
    }

    public void Reassign(bool offsetLost)
    {
        _position = offsetLost ? 0 : _nextOffset;
        _stall.Progressed();
    }

    public void TakeDump() => _dumps.Add((Last, _nextOffset, new Dictionary<int, ulong>(_table), [.. _expired]));

    public void Restore(int number)
    {
        if (_dumps.Count == 0)
            return;
        var (last, offset, table, expired) = _dumps[number % _dumps.Count];
        (Last, _nextOffset, _table, _expired) = (last, offset, new Dictionary<int, ulong>(table), [.. expired]);
        Reassign(false);
    }

    public void Reset()
    {
        (Last, _nextOffset, _table, _expired) = (0, 0, [], []);
        Reassign(true);
    }

    public bool Has(ModelLog log) => log.Rows.All(row => Accounts(row, log));

    public void MustHave(ModelLog log)
    {
        if (log.Rows.FirstOrDefault(row => !Accounts(row, log)) is { } missing)
            throw new ModelViolation($"{name} stands at {Last} and lacks {missing}");
    }

    /// <summary>A reader restored from a dump older than the retention lacks the row all the same: that range is "expired" then.</summary>
    public void MustHaveBeforeCleanup(ModelRow row)
    {
        if (!_everHad.Contains(row.Trace))
            throw new ModelViolation($"{row} is removed and {name}, at {Last}, never had it");
    }

    // A row that was cleaned up, was told to this reader as expired, and came back with an older dump of the log: the reader says what it
    // lacks, and comparing both sides finds it.
    private bool IsExpired(ModelRow row, ModelLog log) =>
        log.WasCleaned(row) && _expired.Exists(range => row.Seq > range.Before && row.Seq < range.After);

    private bool Accounts(ModelRow row, ModelLog log) => _table.ContainsKey(row.Trace) || IsExpired(row, log);

    private void Take(ModelRecord record, ModelKafka kafka, ModelLog log)
    {
        switch (record.Kind)
        {
            case ModelKind.Foreign:
                Insert(record.Trace, 0);
                break;
            case ModelKind.Repair:
                if (record.Seq > Last && rules.DropRepairAbove)
                    break;
                if (record.Seq > Last && !_table.ContainsKey(record.Trace))
                    throw new ModelViolation($"{name}, at {Last}, takes the repair {record} out of the log's order");
                Insert(record.Trace, record.Seq);
                break;
            default:
                TakeOwn(record, kafka, log);
                break;
        }
    }

    private void TakeOwn(ModelRecord record, ModelKafka kafka, ModelLog log)
    {
        switch (rules.Judge(Last, record.Seq, record.After))
        {
            case ReaderVerdict.Ahead:
                _stall.Ahead(kafka.End);
                break;
            case ReaderVerdict.Apply:
                if (record.Seq <= Last)
                    throw new ModelViolation($"{name} goes back from {Last} to {record}");
                if (record.Expired)
                    _expired.Add((Last, record.Seq));
                if (log.Rows.FirstOrDefault(row => row.Seq > Last && row.Seq < record.Seq && !IsExpired(row, log)) is { } skipped)
                    throw new ModelViolation($"{name}, at {Last}, takes {record} before {skipped}");
                Insert(record.Trace, record.Seq);
                Last = record.Seq;
                _stall.Progressed();
                break;
        }
    }

    private void Insert(int trace, ulong seq)
    {
        _everHad.Add(trace);
        if (!_table.TryGetValue(trace, out var had))
            _table.Add(trace, seq);
        else if (!rules.Adopt)
            throw new ModelViolation($"{name} has {trace} twice");
        else if (seq != 0 && had != 0 && had != seq)
            throw new ModelViolation($"{name} has {trace} at {had} and gets it as {seq}");
        else if (seq != 0)
            _table[trace] = seq;
    }
}
