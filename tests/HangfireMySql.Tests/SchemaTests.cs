using System.Transactions;
using Hangfire.MySql;
using Hangfire.MySql.Engine;
using MySqlConnector;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class SchemaTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "10")]
    public async Task A_storage_is_made_without_its_server_and_works_once_that_is_there()
    {
        await using var proxy = new SwitchableProxy(Server.Port);
        using var storage = NewStorage(connectionString: ConnectionString + $";Port={proxy.Port};Connection Timeout=2");
        storage.Invoking(s => s.GetMonitoringApi().Servers()).Should().Throw<MySqlException>();
        storage.Invoking(s => s.GetMonitoringApi().Servers()).Should().Throw<MySqlException>("each use tries again");
        proxy.Open();
        storage.GetMonitoringApi().Servers().Should().BeEmpty();
    }

    [Fact, Trait("Item", "11")]
    public async Task Two_processes_and_many_threads_make_the_tables_once()
    {
        var connectionString = await Server.NewDatabaseAsync("install");
        await using var first = await StartWorkerAsync("install", connectionString, "two_");
        await using var second = await StartWorkerAsync("install", connectionString, "two_");
        InParallel(
            8,
            _ =>
            {
                using var storage = new MySqlStorage(connectionString, new MySqlStorageOptions { TablesPrefix = "two_" });
                storage.GetMonitoringApi().Servers().Should().BeEmpty();
            }
        );
        await first.ExitAsync(TimeSpan.FromSeconds(60));
        await second.ExitAsync(TimeSpan.FromSeconds(60));
        first.Output.Should().Contain("installed");
        second.Output.Should().Contain("installed");

        var database = new MySqlConnectionStringBuilder(connectionString).Database;
        var version = $"SELECT GROUP_CONCAT(version) FROM {database}.two_schema_info";
        Scalar(version).Should().Be("1");
        var made = Scalar($"SELECT MAX(create_time) FROM information_schema.tables WHERE table_schema = '{database}'");
        using (var again = new MySqlStorage(connectionString, new MySqlStorageOptions { TablesPrefix = "two_" }))
            again.GetMonitoringApi().Servers();
        Scalar($"SELECT MAX(create_time) FROM information_schema.tables WHERE table_schema = '{database}'").Should().Be(made);
        Scalar(version).Should().Be("1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tables_that_somebody_drops_are_made_again_at_the_next_use(bool withTheDatabase)
    {
        var connectionString = await Server.NewDatabaseAsync("dropped");
        using var storage = new MySqlStorage(connectionString);
        storage.GetMonitoringApi().Servers().Should().BeEmpty();

        var database = new MySqlConnectionStringBuilder(connectionString).Database;
        var tables = string.Join(", ", Hangfire.MySql.Engine.Tables.Names.Select(name => $"{database}.hangfire_{name}"));
        await Server.ExecuteAsync(withTheDatabase ? $"DROP DATABASE {database}; CREATE DATABASE {database}" : $"DROP TABLE {tables}");

        InParallel(8, _ => storage.GetMonitoringApi().Servers().Should().BeEmpty());
        using var connection = storage.GetConnection();
        connection.CreateExpiredJob(AJob(), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1)).Should().Be("1");
    }

    [Fact, Trait("Item", "11")]
    public async Task A_later_version_migrates_what_is_there_and_an_earlier_one_refuses_it()
    {
        var connectionString = await Server.NewDatabaseAsync("migrate");
        using (var storage = new MySqlStorage(connectionString))
            storage.GetMonitoringApi().Servers();
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        var tables = new Tables("hangfire_");
        string[] steps =
        [
            "SELECT 1;",
            "ALTER TABLE `{prefix}job` ADD COLUMN note VARCHAR(10) NULL;\n-- a comment\nUPDATE `{prefix}job` SET note = 'x';",
        ];
        new SchemaInstaller(tables, connection.Database, steps).Prepare(connection, install: true);
        Scalar($"SELECT version FROM {connection.Database}.hangfire_schema_info").Should().Be("2");
        Scalar($"SELECT COUNT(note) FROM {connection.Database}.hangfire_job").Should().Be("0");

        using var old = new MySqlStorage(connectionString);
        old.Invoking(s => s.GetMonitoringApi().Servers()).Should().Throw<MySqlSchemaException>().WithMessage("*version 2*Update*");
    }

    [Theory, Trait("Item", "11")]
    [InlineData("")]
    [InlineData("INSERT INTO hangfire_schema_info VALUES (0); ")]
    public async Task An_installation_that_was_cut_short_is_finished_by_the_next(string written)
    {
        var connectionString = await Server.NewDatabaseAsync("resume");
        var database = new MySqlConnectionStringBuilder(connectionString).Database;
        await Server.ExecuteAsync(
            "CREATE TABLE hangfire_schema_info (version INT PRIMARY KEY); "
                + written
                + "CREATE TABLE hangfire_distributed_lock (resource VARCHAR(64) PRIMARY KEY, owner BIGINT NOT NULL, expires_at DATETIME(6) NOT NULL)",
            database
        );
        using var storage = new MySqlStorage(connectionString);
        storage.GetMonitoringApi().Servers().Should().BeEmpty();
        Scalar($"SELECT version FROM {database}.hangfire_schema_info").Should().Be("1");
    }

    [Fact]
    public async Task Without_leave_to_make_tables_it_says_what_is_missing()
    {
        var connectionString = await Server.NewDatabaseAsync("forbidden");
        using var storage = new MySqlStorage(connectionString, new MySqlStorageOptions { PrepareSchemaIfNecessary = false });
        storage
            .Invoking(s => s.GetMonitoringApi().Servers())
            .Should()
            .Throw<MySqlSchemaException>()
            .WithMessage("*hangfire_*PrepareSchemaIfNecessary*");
        using (var maker = new MySqlStorage(connectionString))
            maker.GetMonitoringApi().Servers();
        storage.GetMonitoringApi().Servers().Should().BeEmpty();
    }

    [Theory]
    [InlineData("", "CREATE TABLE `Job` (Id INT PRIMARY KEY)")]
    [InlineData("", "CREATE TABLE `JobQueue` (Id INT PRIMARY KEY)")]
    [InlineData("Hangfire", "CREATE TABLE `HangfireAggregatedCounter` (Id INT PRIMARY KEY)")]
    [InlineData("hangfire_", "CREATE TABLE hangfire_set (Id INT PRIMARY KEY)")]
    public async Task Over_tables_of_another_storage_it_does_not_install(string prefix, string table)
    {
        var connectionString = await Server.NewDatabaseAsync("others");
        var database = new MySqlConnectionStringBuilder(connectionString).Database;
        await Server.ExecuteAsync(table, database);
        using var storage = new MySqlStorage(connectionString, new MySqlStorageOptions { TablesPrefix = prefix });
        storage
            .Invoking(s => s.GetMonitoringApi().Servers())
            .Should()
            .Throw<MySqlSchemaException>()
            .WithMessage("*Hangfire.MySqlStorage*Nothing was changed*");
        Scalar($"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '{database}'").Should().Be("1");
    }

    [Fact, Trait("Item", "12")]
    public void Two_storages_with_different_prefixes_in_one_database_know_nothing_of_each_other()
    {
        using var other = NewStorage(options => options.TablesPrefix = "schematests_b_");
        other.GetMonitoringApi().Servers();
        var id = Enqueued();
        Commit(transaction =>
        {
            transaction.AddToSet("key", "value");
            transaction.SetRangeInHash("key", [new("field", "value")]);
            transaction.InsertToList("key", "value");
            transaction.IncrementCounter("stats:succeeded");
        });
        var statistics = other.GetMonitoringApi().GetStatistics();
        (statistics.Enqueued + statistics.Queues + statistics.Succeeded).Should().Be(0);
        using var connection = other.GetConnection();
        connection.GetAllItemsFromSet("key").Should().BeEmpty();
        connection.GetAllEntriesFromHash("key").Should().BeNull();
        if (id == "1")
            connection.GetJobData(id).Should().BeNull();
        Monitoring.GetStatistics().Enqueued.Should().Be(1);
    }

    [Fact, Trait("Item", "13")]
    public void An_ambient_transaction_neither_takes_part_nor_breaks_a_call()
    {
        string id;
        Storage.GetMonitoringApi().Servers();
        using (new TransactionScope())
        {
            using (new TransactionScope(TransactionScopeOption.RequiresNew))
                id = Enqueued();
            Fetch().Dispose();
            using var held = Connection().AcquireDistributedLock("in scope", TimeSpan.FromSeconds(1));
            // Neither scope is completed.
        }
        Connection().GetJobData(id).Should().NotBeNull();
        Count("job_queue").Should().Be(1);

        using var source = new MySqlDataSource(ConnectionString + ";AutoEnlist=true");
        using var storage = Own(new MySqlStorage(source, new MySqlStorageOptions { TablesPrefix = Prefix }));
        using (new TransactionScope())
            storage.GetConnection().SetJobParameter(id, "name", "value");
        storage.GetConnection().GetJobParameter(id, "name").Should().Be("value");
    }
}

[Collection(OnMariaDb.Name)]
public sealed class SchemaOnMariaDb(MariaDbFixture fixture) : SchemaTests(fixture);

[Collection(OnMySql.Name)]
public sealed class SchemaOnMySql(MySqlFixture fixture) : SchemaTests(fixture);
