using Hangfire.MySql;
using Hangfire.MySql.Engine;
using Hangfire.Storage;

namespace HangfireMySql.Tests;

/// <summary>What needs no server.</summary>
public sealed class OptionsTests
{
    private const string NoServer = "Server=127.0.0.1;Port=1;Database=jobs;User ID=root;Password=secret-word;Connection Timeout=1";

    [Fact, Trait("Item", "1")]
    public void A_storage_needs_a_connection_string_and_options()
    {
        FluentActions
            .Invoking(() => new MySqlStorage((string)null!))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("connectionString");
        FluentActions
            .Invoking(() => new MySqlStorage(NoServer, null!))
            .Should()
            .Throw<ArgumentNullException>()
            .WithParameterName("options");
        FluentActions.Invoking(() => new MySqlStorage("Server=localhost")).Should().Throw<ArgumentException>().WithMessage("*Database*");
    }

    [Fact, Trait("Item", "2")]
    public void Defaults_are_the_documented_ones()
    {
        var options = new MySqlStorageOptions();
        options.TablesPrefix.Should().Be("hangfire_");
        options.QueuePollInterval.Should().Be(TimeSpan.FromSeconds(1));
        options.SlidingInvisibilityTimeout.Should().Be(TimeSpan.FromMinutes(5));
        options.JobExpirationCheckInterval.Should().Be(TimeSpan.FromHours(1));
        options.CountersAggregateInterval.Should().Be(TimeSpan.FromMinutes(5));
        options.PrepareSchemaIfNecessary.Should().BeTrue();
        options.DashboardJobListLimit.Should().Be(50_000);
        options.TransactionTimeout.Should().Be(TimeSpan.FromMinutes(1));
        options.CommandTimeout.Should().BeNull();
        options.DeleteExpiredBatchSize.Should().Be(1_000);
        options.InactiveStateExpirationTimeout.Should().Be(TimeSpan.Zero);
        options.UseTransactionalAcknowledge.Should().BeTrue();
        options.DistributedLockMode.Should().Be(DistributedLockMode.Session);
    }

    [Fact, Trait("Item", "3")]
    public void A_negative_poll_interval_is_refused_and_zero_is_not()
    {
        Refused(options => options.QueuePollInterval = TimeSpan.FromSeconds(-1), "QueuePollInterval");
        new MySqlStorageOptions { QueuePollInterval = TimeSpan.Zero }
            .QueuePollInterval.Should()
            .Be(TimeSpan.Zero);
    }

    [Fact, Trait("Item", "4")]
    public void A_lease_must_last()
    {
        Refused(options => options.SlidingInvisibilityTimeout = TimeSpan.Zero, "SlidingInvisibilityTimeout");
        Refused(options => options.SlidingInvisibilityTimeout = TimeSpan.FromSeconds(-1), "SlidingInvisibilityTimeout");
        Refused(options => options.DeleteExpiredBatchSize = 0, "DeleteExpiredBatchSize");
        Refused(options => options.DashboardJobListLimit = 0, "DashboardJobListLimit");
        Refused(options => options.TablesPrefix = "a`b", "TablesPrefix");
        Refused(options => options.TablesPrefix = new string('a', 33), "TablesPrefix");
    }

    [Fact, Trait("Item", "5"), Trait("Item", "6")]
    public void Every_feature_of_Hangfire_is_there_in_any_case_and_no_other()
    {
        using var storage = new MySqlStorage(NoServer);
        FluentActions.Invoking(() => storage.HasFeature(null!)).Should().Throw<ArgumentNullException>();
        string[] features =
        [
            "Job.Queue",
            "Storage.ExtendedApi",
            "Storage.ProcessesInsteadOfComponents",
            "Connection.BatchedGetFirstByLowestScoreFromSet",
            "Connection.GetUtcDateTime",
            "Connection.GetSetContains",
            "Connection.GetSetCount.Limited",
            "Transaction.AcquireDistributedLock",
            "Transaction.CreateJob",
            "Transaction.SetJobParameter",
            "TransactionalAcknowledge:MySqlFetchedJob",
            "Monitoring.DeletedStateGraphs",
            "Monitoring.AwaitingJobs",
        ];
        string[] declared =
        [
            .. new[]
            {
                typeof(JobStorageFeatures),
                typeof(JobStorageFeatures.Connection),
                typeof(JobStorageFeatures.Transaction),
                typeof(JobStorageFeatures.Monitoring),
            }
                .SelectMany(type => type.GetFields())
                .Where(field => field.IsLiteral || field.IsStatic)
                .Select(field => (string)field.GetValue(null)!),
        ];
        foreach (var feature in features.Concat(declared))
        {
            storage.HasFeature(feature).Should().BeTrue(feature);
            storage.HasFeature(feature.ToUpperInvariant()).Should().BeTrue(feature);
        }
        storage.HasFeature("some-feature").Should().BeFalse();
        using var without = new MySqlStorage(NoServer, new MySqlStorageOptions { UseTransactionalAcknowledge = false });
        without.HasFeature(JobStorageFeatures.Transaction.RemoveFromQueue(typeof(MySqlFetchedJob))).Should().BeFalse();
    }

    [Fact, Trait("Item", "7"), Trait("Item", "8")]
    public void A_storage_has_its_parts()
    {
        using var storage = new MySqlStorage(NoServer);
        using var connection = storage.GetConnection();
        connection.Should().BeAssignableTo<JobStorageConnection>();
        storage.GetMonitoringApi().Should().BeAssignableTo<JobStorageMonitor>();
        storage.GetServerRequiredProcesses().Should().ContainSingle().Which.Should().BeOfType<LeaseHeartbeat>();
        storage
            .GetStorageWideProcesses()
            .Select(process => process.GetType())
            .Should()
            .Equal(typeof(ExpirationManager), typeof(CountersAggregator));
        storage.LinearizableReads.Should().BeTrue();
    }

    [Fact, Trait("Item", "9")]
    public void Its_name_says_where_it_is_and_not_the_password()
    {
        using var storage = new MySqlStorage(NoServer);
        storage.ToString().Should().Be("MySQL: 127.0.0.1@jobs");
        var log = new LineLog();
        storage.WriteOptionsToLog(log);
        log.Text.Should().Contain("127.0.0.1@jobs").And.NotContain("secret-word");
    }

    private static void Refused(Action<MySqlStorageOptions> set, string name) =>
        FluentActions
            .Invoking(() => set(new MySqlStorageOptions()))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage($"*{name}*")
            .WithParameterName(name);

    private sealed class LineLog : Hangfire.Logging.ILog
    {
        public string Text { get; private set; } = "";

        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string> messageFunc, Exception exception)
        {
            Text += messageFunc?.Invoke();
            return true;
        }
    }
}
