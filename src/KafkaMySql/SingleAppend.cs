namespace KafkaMySql;

/// <summary>Waits for one event.</summary>
internal sealed class SingleAppend : TaskCompletionSource<LogReceipt>, IAppendWaiter
{
    // The writer must not run what the caller does next.
    public SingleAppend()
        : base(TaskCreationOptions.RunContinuationsAsynchronously) { }

    public void Done(int index, LogOutcome outcome)
    {
        if (outcome.Error is { } error)
            TrySetException(error);
        else
            TrySetResult(outcome.Receipt!);
    }
}
