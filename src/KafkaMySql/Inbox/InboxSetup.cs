using Microsoft.Extensions.Logging;

namespace KafkaMySql;

/// <summary>Makes tables and progress rows before anything is read, once, and again when somebody took them away.</summary>
internal sealed class InboxSetup(InboxOptions options, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _done;
    private volatile string? _missing = "the database has not been reached yet";

    /// <summary>What is missing; null when all is there.</summary>
    public string? Missing => _missing;

    /// <summary>Somebody took rows or tables away: the next call of <see cref="EnsureAsync"/> looks again.</summary>
    public void Forget() => _done = false;

    /// <exception cref="InboxSetupException">The database belongs to other settings.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_done)
            return;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_done)
                await MakeAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await InboxConnection.OpenAsync(options.ConnectionString, cancellationToken).ConfigureAwait(false);
            await InboxSchema.EnsureAsync(connection, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (_missing != exception.Message)
                logger.InboxRefused(options.Consumer, exception.Message);
            _missing = exception.Message;
            throw;
        }
        _missing = null;
        _done = true;
        logger.InboxReady(options.Consumer, options.Partitions, options.Log);
    }
}
