using Xunit;

namespace TestSupport;

/// <summary>
/// One process of every service with databases and a topic of their own, for all tests of a class; tests skip with the reason where a
/// server cannot be had. Recurring jobs run every two seconds, so that nobody waits for them.
/// </summary>
public class PlatformFixture(MariaDbFixture mariaDb, KafkaFixture kafka) : IAsyncLifetime
{
    /// <summary>The replies of the real-estate contract, and recurring jobs that run often.</summary>
    public static readonly IReadOnlyDictionary<string, string?> RealEstate = new Dictionary<string, string?>
    {
        ["Systems"] = "RealEstate",
        ["scheduler__interval"] = "2s",
        ["scheduler__polling"] = "200ms",
    };

    private Deployment? _platform;

    /// <summary>What every service is told: the real-estate system alone.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => RealEstate;

    /// <summary>The running services; ends the test as skipped where there is no server for them.</summary>
    public Deployment Platform
    {
        get
        {
            if (_platform is null)
                Assert.Skip(MariaDbServer.Missing ?? KafkaServer.Missing ?? "the services did not start");
            return _platform;
        }
    }

    /// <summary>The topic of their events.</summary>
    public string Topic { get; } = $"events-{Guid.NewGuid():N}";

    /// <summary>The broker.</summary>
    public KafkaServer Kafka => kafka.Server;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (MariaDbServer.Missing is not null || KafkaServer.Missing is not null)
            return;
        _platform = await Deployment.CreateWholeAsync(mariaDb.Server, kafka.Server.BootstrapServers, Topic, Settings);
        await _platform.StartAsync(TimeSpan.FromMinutes(2));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The same with both systems on; the check of Runify asks every second.</summary>
public sealed class BothSystemsFixture(MariaDbFixture mariaDb, KafkaFixture kafka) : PlatformFixture(mariaDb, kafka)
{
    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string?> Settings { get; } =
        new Dictionary<string, string?>(RealEstate) { ["Systems"] = "both", ["schedule__period_sec"] = "1" };
}
