namespace KafkaMySql;

/// <summary>What is to be done in the services' tables: each event inserted, or its coordinate given to the row that is there, or refused.</summary>
internal sealed class TableWork
{
    private readonly SortedDictionary<ushort, List<InboxEvent>> _inserts = [];
    private readonly SortedDictionary<ushort, Dictionary<string, InboxEvent>> _adoptions = [];

    /// <summary>New rows by type, in the types' order, so that transactions lock tables in one order.</summary>
    public IEnumerable<KeyValuePair<ushort, List<InboxEvent>>> Inserts => _inserts;

    /// <summary>Rows that are there already, by type.</summary>
    public IEnumerable<KeyValuePair<ushort, Dictionary<string, InboxEvent>>> Adoptions => _adoptions;

    /// <summary>Events whose trace id stands there with another content.</summary>
    public List<DeadLetter> Conflicts { get; } = [];

    public int Inserted { get; private set; }

    public int Adopted { get; private set; }

    /// <summary>Foreign events that stand there already.</summary>
    public int Repeats { get; private set; }

    public bool HasWork => Inserted + Adopted + Conflicts.Count > 0;

    /// <summary>Takes all events for new; a duplicate shows when they are inserted.</summary>
    public static TableWork InsertAll(IReadOnlyList<PlannedEvent> events)
    {
        var work = new TableWork();
        foreach (var planned in events)
            work.Insert(planned);
        return work;
    }

    /// <summary>Sorts events by what stands in the tables, given as digests by type and trace id, and by what came before them in the batch.</summary>
    public static TableWork Sort(IReadOnlyList<PlannedEvent> events, IReadOnlyDictionary<ushort, Dictionary<string, ulong>> stored)
    {
        var work = new TableWork();
        foreach (var planned in events)
        {
            var known = stored[planned.Event.TypeId];
            if (!known.TryGetValue(planned.Event.TraceId, out var digest))
            {
                known.Add(planned.Event.TraceId, planned.Event.Digest);
                work.Insert(planned);
            }
            else if (digest != planned.Event.Digest)
                work.Refuse(planned);
            else if (planned.IsOwn)
                work.Adopt(planned);
            else
                work.Repeat(planned);
        }
        return work;
    }

    private void Insert(PlannedEvent planned)
    {
        if (!_inserts.TryGetValue(planned.Event.TypeId, out var events))
            _inserts.Add(planned.Event.TypeId, events = []);
        events.Add(planned.Event);
        planned.Item.Outcome = InboxOutcome.Stored;
        planned.Item.IsAdopted = false;
        Inserted++;
    }

    private void Adopt(PlannedEvent planned)
    {
        if (!_adoptions.TryGetValue(planned.Event.TypeId, out var events))
            _adoptions.Add(planned.Event.TypeId, events = []);
        // The same event twice in a batch, as after a repair: the later coordinate is the one that stays.
        events[planned.Event.TraceId] = planned.Event;
        planned.Item.Outcome = InboxOutcome.Stored;
        planned.Item.IsAdopted = true;
        Adopted++;
    }

    private void Repeat(PlannedEvent planned)
    {
        planned.Item.Outcome = InboxOutcome.Repeated;
        Repeats++;
    }

    private void Refuse(PlannedEvent planned)
    {
        planned.Item.Outcome = InboxOutcome.Conflict;
        Conflicts.Add(
            new DeadLetter(
                planned.Item,
                "conflict: the trace id is stored with another content",
                planned.Event.TraceId,
                planned.Event.TypeId
            )
        );
    }
}
