using Xunit;

namespace TestSupport;

/// <summary>One MariaDB for all tests of an assembly or class; tests skip with the reason where it cannot be had.</summary>
public class MariaDbFixture : DatabaseFixture
{
    /// <inheritdoc/>
    protected override string? Missing => MariaDbServer.Missing;

    /// <inheritdoc/>
    protected override DatabaseServer Create() => new MariaDbServer();
}

/// <summary>One MySQL for all tests of an assembly or class; tests skip with the reason where it cannot be had.</summary>
public class MySqlFixture : DatabaseFixture
{
    /// <inheritdoc/>
    protected override string? Missing => MySqlServer.Missing;

    /// <inheritdoc/>
    protected override DatabaseServer Create() => new MySqlServer();
}

/// <summary>Starts a database server before the first test and ends it after the last.</summary>
public abstract class DatabaseFixture : IAsyncLifetime
{
    private DatabaseServer? _server;

    /// <summary>The running server; ends the test as skipped where there is none.</summary>
    public DatabaseServer Server
    {
        get
        {
            if (_server is null)
                Assert.Skip(Missing ?? "the database server did not start");
            return _server;
        }
    }

    /// <summary>Why the server cannot be had; null when it can.</summary>
    protected abstract string? Missing { get; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        _server = Create();
        await _server.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the server, not yet started.</summary>
    protected abstract DatabaseServer Create();
}

/// <summary>One single-node Kafka for all tests of an assembly or class; tests skip with the reason where it cannot be had.</summary>
public class KafkaFixture : IAsyncLifetime
{
    private KafkaServer? _server;

    /// <summary>The running broker; ends the test as skipped where there is none.</summary>
    public KafkaServer Server
    {
        get
        {
            if (_server is null)
                Assert.Skip(KafkaServer.Missing ?? "Kafka did not start");
            return _server;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (KafkaServer.Missing is not null)
            return;
        _server = new KafkaServer(1, "num.partitions=4", "group.initial.rebalance.delay.ms=0");
        await _server.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
