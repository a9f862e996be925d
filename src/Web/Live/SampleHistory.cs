namespace Web.Live;

/// <summary>The samples of the last quarter of an hour, and a way to wait for the next.</summary>
internal sealed class SampleHistory
{
    /// <summary>At one sample in two seconds a quarter of an hour.</summary>
    public const int Capacity = 450;

    private readonly Lock _lock = new();
    private readonly Queue<StageSample> _samples = new(Capacity);
    private TaskCompletionSource _next = NewSignal();

    public void Add(StageSample sample)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            if (_samples.Count == Capacity)
                _samples.Dequeue();
            _samples.Enqueue(sample);
            (signal, _next) = (_next, NewSignal());
        }
        signal.SetResult();
    }

    /// <summary>The samples later than <paramref name="after"/>, and a task that ends with the next one.</summary>
    public (IReadOnlyList<StageSample> Samples, Task Next) After(long after)
    {
        lock (_lock)
            return ([.. _samples.Where(sample => sample.Id > after)], _next.Task);
    }

    // Who waits goes on elsewhere, not inside the sampler.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
