using System.Diagnostics;

namespace TestSupport;

/// <summary>Waits for conditions instead of sleeping.</summary>
public static class Eventually
{
    /// <summary>How long a test waits unless it says otherwise: much longer than anything takes, for a machine that has other work.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Asks until <paramref name="condition"/> holds; fails with <paramref name="what"/> when it does not within the time, or within
    /// <see cref="Patience"/>.
    /// </summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null, TimeSpan? pause = null)
    {
        var limit = within ?? Patience;
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < limit)
        {
            try
            {
                if (await condition())
                    return;
                last = null;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A server that is just coming up answers with errors; the last one is told when time runs out.
                last = exception;
            }
            await Task.Delay(pause ?? TimeSpan.FromMilliseconds(20));
        }
        throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}.", last);
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string, TimeSpan?, TimeSpan?)"/>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);
}
