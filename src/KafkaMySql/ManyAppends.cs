namespace KafkaMySql;

/// <summary>Waits for many events, each with an outcome of its own.</summary>
/// <param name="count">How many.</param>
/// <param name="leave">Called once for each event that had room in the queue, when it needs it no more.</param>
internal sealed class ManyAppends(int count, Action leave)
    : TaskCompletionSource<IReadOnlyList<LogOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously),
        IAppendWaiter
{
    private readonly LogOutcome[] _outcomes = new LogOutcome[count];
    private int _left = count;

    public void Done(int index, LogOutcome outcome)
    {
        leave();
        Refuse(index, outcome);
    }

    /// <summary>The outcome of an event that found no room.</summary>
    public void Refuse(int index, LogOutcome outcome)
    {
        _outcomes[index] = outcome;
        if (Interlocked.Decrement(ref _left) == 0)
            TrySetResult(_outcomes);
    }
}
