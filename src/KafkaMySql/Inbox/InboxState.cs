namespace KafkaMySql;

/// <summary>What a reader is doing in one partition, for health pages and metrics. Counters begin with the process.</summary>
public sealed class InboxState
{
    private readonly Lock _lock = new();
    private InboxFigures _figures;

    internal InboxState(int partition) => _figures = new InboxFigures { Partition = partition };

    /// <summary>All figures as of one moment.</summary>
    public InboxFigures Figures
    {
        get
        {
            lock (_lock)
                return _figures;
        }
    }

    internal void Update(Func<InboxFigures, InboxFigures> change)
    {
        lock (_lock)
            _figures = change(_figures);
    }
}
