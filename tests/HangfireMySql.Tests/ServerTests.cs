using Hangfire.Server;
using Hangfire.Storage;
using TestSupport;

namespace HangfireMySql.Tests;

public abstract class ServerTests(DatabaseFixture fixture) : StorageTest(fixture)
{
    [Fact, Trait("Item", "28"), Trait("Item", "29"), Trait("Item", "110")]
    public void A_server_comes_changes_and_goes()
    {
        var connection = Connection();
        connection.AnnounceServer("b", new ServerContext { WorkerCount = 4, Queues = ["critical", "default"] });
        connection.AnnounceServer("a", new ServerContext { WorkerCount = 1 });
        connection.AnnounceServer("b", new ServerContext { WorkerCount = 5, Queues = ["default"] });
        var servers = Monitoring.Servers();
        servers.Select(server => server.Name).Should().Equal("a", "b");
        servers[1].WorkersCount.Should().Be(5);
        servers[1].Queues.Should().Equal("default");
        servers[1].StartedAt.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(10));
        servers[1].Heartbeat.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(10));
        servers[0].Queues.Should().BeEmpty();
        Execute($"UPDATE `{Prefix}server` SET data = '{{\"WorkerCount\":2}}' WHERE id = 'a'");
        Monitoring.Servers()[0].StartedAt.Should().Be(DateTime.MinValue, "an older version did not write it");
        Monitoring.Servers()[0].Queues.Should().BeNull();

        connection.RemoveServer("a");
        connection.RemoveServer("was never there");
        Monitoring.Servers().Should().ContainSingle();
        connection.Invoking(c => c.AnnounceServer(null!, new ServerContext())).Should().Throw<ArgumentNullException>();
        connection.Invoking(c => c.AnnounceServer("x", null!)).Should().Throw<ArgumentNullException>();
        connection.Invoking(c => c.RemoveServer(null!)).Should().Throw<ArgumentNullException>();
        connection.Invoking(c => c.Heartbeat(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact, Trait("Item", "30"), Trait("Item", "31")]
    public void A_heartbeat_is_noted_and_a_server_that_was_removed_is_told()
    {
        var connection = Connection();
        connection.AnnounceServer("a", new ServerContext());
        Execute($"UPDATE `{Prefix}server` SET last_heartbeat = '2020-01-01'");
        connection.Heartbeat("a");
        Monitoring.Servers()[0].Heartbeat.Should().BeCloseTo(DateTime.UtcNow, TimeSpan.FromSeconds(10));
        connection.Invoking(c => c.Heartbeat("b")).Should().Throw<BackgroundServerGoneException>();
    }

    [Fact, Trait("Item", "32")]
    public void Silent_servers_are_removed_and_counted()
    {
        var connection = Connection();
        connection
            .Invoking(c => c.RemoveTimedOutServers(TimeSpan.FromSeconds(-1)))
            .Should()
            .Throw<ArgumentException>()
            .WithParameterName("timeOut");
        foreach (var id in new[] { "a", "b", "c" })
            connection.AnnounceServer(id, new ServerContext());
        Execute($"UPDATE `{Prefix}server` SET last_heartbeat = UTC_TIMESTAMP(6) - INTERVAL 2 MINUTE WHERE id <> 'b'");
        connection.RemoveTimedOutServers(TimeSpan.FromMinutes(1)).Should().Be(2);
        Monitoring.Servers().Select(server => server.Name).Should().Equal("b");
    }

    [Fact, Trait("Item", "33")]
    public void A_servers_id_may_be_long()
    {
        var id = new string('s', 200);
        Connection().AnnounceServer(id, new ServerContext());
        Connection().Heartbeat(id);
        Monitoring.Servers()[0].Name.Should().Be(id);
        Connection()
            .Invoking(c => c.AnnounceServer(id + "s", new ServerContext()))
            .Should()
            .Throw<ArgumentException>()
            .WithParameterName("serverId");
    }
}

[Collection(OnMariaDb.Name)]
public sealed class ServersOnMariaDb(MariaDbFixture fixture) : ServerTests(fixture);

[Collection(OnMySql.Name)]
public sealed class ServersOnMySql(MySqlFixture fixture) : ServerTests(fixture);
