namespace Consistency.Checks;

/// <summary>The recurring run.</summary>
internal sealed class CheckJob(CheckRunner runner)
{
    public Task RunAsync() => runner.RecurringAsync(CancellationToken.None);
}
