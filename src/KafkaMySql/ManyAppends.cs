namespace KafkaMySql;

/// <summary>Waits for many events, each with an outcome of its own.</summary>
internal sealed class ManyAppends(int count)
    : TaskCompletionSource<IReadOnlyList<LogOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously),
        IAppendWaiter
{
    private readonly LogOutcome[] _outcomes = new LogOutcome[count];
    private int _left = count;

    public void Done(int index, LogOutcome outcome)
    {
        _outcomes[index] = outcome;
        if (Interlocked.Decrement(ref _left) == 0)
            TrySetResult(_outcomes);
    }
}
