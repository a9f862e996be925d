namespace KafkaMySql.Tests;

/// <summary>
/// One partition of log, relays, Kafka and readers, without I/O, driven by the product's own rules. Every method is one thing that can
/// happen; anything that must never happen throws <see cref="ModelViolation"/>.
/// </summary>
internal sealed class GoBackNModel(ModelRules rules)
{
    private readonly ModelLog _log = new(rules);
    private readonly ModelKafka _kafka = new();
    private readonly ModelRelay[] _relays = [new(rules), new(rules)];
    private readonly List<ModelReader> _readers = [new("a", rules), new("b", rules)];
    private int _owner;
    private TimeSpan _now;
    private int _traces;

    private ModelRelay Owner => _relays[_owner];

    /// <summary>Runs one step of a history; <paramref name="action"/> picks what happens and <paramref name="size"/> how much of it.</summary>
    public void Step(int action, int size)
    {
        var relay = _relays[size % 2];
        var reader = _readers[size % _readers.Count];
        switch (action)
        {
            case 0 or 1 or 2 or 3:
                Append(size % 2, 1 + (size % 7), size);
                break;
            case 4 or 5 or 6:
                Owner.Send(_log, _kafka, 1 + (size % 9), size % 9 == 0 ? size % 4 : int.MaxValue, size % 5 == 0);
                break;
            case 7 or 8 or 9:
                reader.Poll(_kafka, _log, 1 + (size % 11));
                break;
            case 10 or 11:
                Observe();
                break;
            case 12:
                _now += TimeSpan.FromSeconds(size % 4);
                _log.Milliseconds += 1 + (1000 * (size % 4));
                break;
            case 13:
                _kafka.Evict(1 + (size % 12));
                break;
            case 14:
                _kafka.Truncate(1 + (size % 6));
                break;
            case 15:
                _kafka.Recreate();
                break;
            case 16:
                _owner = 1 - _owner;
                Owner.TakeOver(size % 3 == 0 ? 0 : _log.SentHint);
                break;
            case 17:
                // A frozen former owner goes on as if nothing had happened.
                _relays[1 - _owner].Send(_log, _kafka, 1 + (size % 9), int.MaxValue, false);
                break;
            case 18:
                relay.DeliverLate(_kafka);
                break;
            case 19:
                reader.Reassign(size % 3 == 0);
                break;
            case 20:
                reader.TakeDump();
                break;
            case 21:
                reader.Restore(size);
                break;
            case 22:
                reader.Reset();
                break;
            case 23:
                _log.Reconnect(size % 2);
                break;
            case 24:
                _log.TakeDump();
                break;
            case 25:
                _log.Restore(size);
                break;
            case 26:
                _log.Reset();
                break;
            case 27:
                _log.CleanUp(Owner.Cursor.Acked, _readers, Owner.Lasts(_readers), 1 + (size % 8));
                break;
            case 28 when _readers.Count < 3:
                _readers.Add(new ModelReader("late", rules));
                break;
            case 29:
                if (_log.Any(size) is { } row)
                    _kafka.Add(new ModelRecord(row.Seq, row.After, row.Trace, ModelKind.Repair));
                break;
            case 30:
                // Somebody copies an event without our headers, or sends one of his own.
                _kafka.Add(new ModelRecord(0, 0, size % 2 == 0 ? _log.Any(size)?.Trace ?? -size : -size - 1, ModelKind.Foreign));
                break;
        }
    }

    /// <summary>The faults end: everything runs on until nothing changes, and every reader must have every row of the log.</summary>
    public void Heal()
    {
        foreach (var relay in _relays)
            relay.DeliverLate(_kafka);
        Append(0, 2, 1);
        for (var round = 0; round < 200 && !Done(); round++)
        {
            Owner.Send(_log, _kafka, 500, int.MaxValue, round % 2 == 0);
            foreach (var reader in _readers)
                reader.Poll(_kafka, _log, int.MaxValue);
            Observe();
            // The longest back-off passes within the rounds.
            _now += TimeSpan.FromSeconds(10);
        }

        foreach (var reader in _readers)
            reader.MustHave(_log);
    }

    private bool Done() => _readers.All(reader => reader.Has(_log));

    private void Append(int writer, int count, int kind)
    {
        for (var number = 0; number < count; number++)
        {
            var row = _log.Append(writer, ++_traces, (kind + number) % 13 == 0 ? ModelKind.Poison : ModelKind.Event);
            _relays[writer].Remember(row);
        }
    }

    private void Observe()
    {
        foreach (var reader in _readers)
            Owner.Observe(reader, _kafka, _now);
        Owner.MaybeRewind(_log, _readers, _now);
    }
}
