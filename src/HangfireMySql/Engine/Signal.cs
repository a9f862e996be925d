namespace Hangfire.MySql.Engine;

/// <summary>Wakes one waiting thread, now or when it next waits. Holds nothing to dispose of.</summary>
internal sealed class Signal
{
    private readonly object _gate = new();
    private bool _set;

    public void Set()
    {
        lock (_gate)
        {
            _set = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits; false when the time ran out.</summary>
    public bool Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            if (!_set)
                Monitor.Wait(_gate, atMost);
            var was = _set;
            _set = false;
            return was;
        }
    }
}
