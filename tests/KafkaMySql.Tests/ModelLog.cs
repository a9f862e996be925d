namespace KafkaMySql.Tests;

/// <summary>The log's database with two writers. Dumps of a branch that a restore gave up are gone: see <see cref="Reset"/>.</summary>
internal sealed class ModelLog(ModelRules rules)
{
    private readonly bool[] _raised = new bool[2];
    private readonly List<(List<ModelRow> Rows, PartitionHead Head, ulong SentHint)> _dumps = [];
    private readonly HashSet<int> _cleaned = [];
    private List<ModelRow> _rows = [];
    private PartitionHead _head = new(0, 1);

    public long Milliseconds { get; set; } = 1_000_000;

    public ulong SentHint { get; set; }

    public IReadOnlyList<ModelRow> Rows => _rows;

    public ModelRow Append(int writer, int trace, ModelKind kind)
    {
        if (!_raised[writer])
        {
            _head.RaiseTo(rules.Floor(Milliseconds / 1000, (int)(Milliseconds % 1000) * 1000));
            _raised[writer] = true;
        }

        var (seq, after) = _head.Take();
        var row = new ModelRow(seq, after, trace, kind);
        _rows.Add(row);
        return row;
    }

    public void Reconnect(int writer) => _raised[writer] = false;

    public IEnumerable<ModelRow> Above(ulong seq) => _rows.SkipWhile(row => row.Seq <= seq);

    public ModelRow? Any(int number) => _rows.Count == 0 ? null : _rows[number % _rows.Count];

    public RewindTarget? TargetFor(ulong last) =>
        Above(last).FirstOrDefault() is { } first
            ? new RewindTarget(_rows.LastOrDefault(row => row.Seq <= last)?.Seq ?? 0, first.Seq, first.After)
            : null;

    public void TakeDump() => _dumps.Add(([.. _rows], _head, SentHint));

    public void Restore(int number)
    {
        if (_dumps.Count == 0)
            return;
        var chosen = number % _dumps.Count;
        var (rows, head, hint) = _dumps[chosen];
        // A later dump is of the branch that is given up here. Restoring it afterwards is the known exception, as with Reset.
        _dumps.RemoveRange(chosen + 1, _dumps.Count - chosen - 1);
        (_rows, _head, SentHint) = ([.. rows], head, hint);
        CutConnections();
    }

    /// <summary>
    /// The database is emptied. An *older* log restored after this is the one thing the rules cannot mend, since readers have taken rows
    /// of the new one: so the dumps go too. The product's consistency check finds that case.
    /// </summary>
    public void Reset()
    {
        _dumps.Clear();
        (_rows, _head, SentHint) = ([], new PartitionHead(0, 1), 0);
        CutConnections();
    }

    public void CleanUp(ulong acked, List<ModelReader> readers, IReadOnlyList<ulong?> lasts, int count)
    {
        var upTo = rules.SafeUpTo(acked, lasts);
        foreach (var row in _rows.TakeWhile(row => row.Seq <= upTo).Take(count).ToList())
        {
            foreach (var reader in readers)
                reader.MustHaveBeforeCleanup(row);
            _rows.Remove(row);
            _cleaned.Add(row.Trace);
        }
    }

    /// <summary>The row was removed once; a dump older than that may have brought it back.</summary>
    public bool WasCleaned(ModelRow row) => _cleaned.Contains(row.Trace);

    private void CutConnections()
    {
        Array.Clear(_raised);
        // Restoring takes longer than a millisecond.
        Milliseconds++;
    }
}
