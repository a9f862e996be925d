using Confluent.Kafka;

namespace KafkaMySql;

/// <summary>A batch in the producer's hands. It lands when every record was reported on, or the producer was given up.</summary>
internal sealed class Flight(IReadOnlyList<LogRow> rows)
{
    private readonly TaskCompletionSource _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool[] _delivered = new bool[rows.Count];
    private int _open = rows.Count;

    public IReadOnlyList<LogRow> Rows => rows;

    public Task Landed => _landed.Task;

    /// <summary>Why a record was not delivered; null while none failed.</summary>
    public Error? Failure { get; private set; }

    /// <summary>How many rows from the first on were delivered without a hole.</summary>
    public int Delivered
    {
        get
        {
            var hole = Array.IndexOf(_delivered, false);
            return hole < 0 ? rows.Count : hole;
        }
    }

    public void Report(int index, Error error)
    {
        if (error.IsError)
            Failure ??= error;
        else
            _delivered[index] = true;
        if (Interlocked.Decrement(ref _open) == 0)
            _landed.TrySetResult();
    }

    public void GiveUp(Error reason)
    {
        Failure ??= reason;
        _landed.TrySetResult();
    }
}
