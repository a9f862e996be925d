namespace Hangfire.MySql.Engine;

/// <summary>Lets everyone through once <paramref name="prepare"/> has succeeded; those who come meanwhile share one attempt, and its error.</summary>
internal sealed class SchemaGate(Action prepare)
{
    private readonly Lock _lock = new();
    private volatile bool _open;
    private Task? _attempt;

    /// <summary>Prepares again before the next use: what was prepared is gone.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _open = false;
            _attempt = null;
        }
    }

    public void Pass()
    {
        if (_open)
            return;
        Task attempt;
        lock (_lock)
        {
            if (_open)
                return;
            // On a thread of its own: the callers are workers that block, and the pool may be full of them.
            attempt = _attempt ??= Task.Factory.StartNew(
                prepare,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }
        try
        {
            attempt.GetAwaiter().GetResult();
            lock (_lock)
                _open = _attempt == attempt;
        }
        finally
        {
            lock (_lock)
            {
                if (_attempt == attempt && !attempt.IsCompletedSuccessfully)
                    _attempt = null;
            }
        }
    }
}
