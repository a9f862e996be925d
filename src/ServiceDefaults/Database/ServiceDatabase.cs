using MySqlConnector;

namespace ServiceDefaults;

/// <summary>The service's own database.</summary>
public sealed class ServiceDatabase : IAsyncDisposable
{
    private volatile TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _trouble = "It was not reached yet.";

    internal ServiceDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        Source = new MySqlDataSourceBuilder(connectionString).Build();
    }

    /// <summary>How to reach it; times come back as UTC.</summary>
    public string ConnectionString { get; }

    /// <summary>Pooled connections for queries.</summary>
    public MySqlDataSource Source { get; }

    /// <summary>The database's name.</summary>
    public string Name => new MySqlConnectionStringBuilder(ConnectionString).Database;

    /// <summary>Why the database cannot be used; null when it can, as far as is known.</summary>
    public string? Trouble => _trouble;

    /// <summary>Completes when the database and its tables are there.</summary>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    internal void IsReady()
    {
        _trouble = null;
        _ready.TrySetResult();
    }

    internal void IsNotReady(string trouble)
    {
        _trouble = trouble;
        if (_ready.Task.IsCompleted)
            _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
