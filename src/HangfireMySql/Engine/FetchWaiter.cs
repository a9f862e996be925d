using Hangfire.Storage;

namespace Hangfire.MySql.Engine;

/// <summary>A worker that waits for a job.</summary>
internal sealed class FetchWaiter
{
    private readonly TaskCompletionSource<IFetchedJob> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IFetchedJob> Result => _result.Task;

    /// <summary>Gives it a job; false when it does not wait any more.</summary>
    public bool TryGive(IFetchedJob job) => _result.TrySetResult(job);

    /// <summary>Tells it that fetching does not work.</summary>
    public void Fail(Exception exception) => _result.TrySetException(exception);

    /// <summary>Ends the wait; false when a job or an error came first.</summary>
    public bool TryCancel(CancellationToken cancellationToken) => _result.TrySetCanceled(cancellationToken);
}
