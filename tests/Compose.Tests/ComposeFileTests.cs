using System.Text.Json;

namespace Compose.Tests;

/// <summary>What the compose files say, without starting anything.</summary>
public sealed class ComposeFileTests : IAsyncLifetime
{
    private string? _missing;

    public async ValueTask InitializeAsync() => _missing = await Docker.MissingComposeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_missing_password_stops_with_a_sentence()
    {
        SkipWithoutCompose();

        var (code, output) = await Docker.TryAsync("compose", "--env-file", "/dev/null", "config", "--quiet");

        code.Should().NotBe(0);
        output.Should().Contain("MYSQL_ROOT_PASSWORD").And.Contain(".env");
    }

    [Fact]
    public async Task Only_port_80_is_open_to_other_machines()
    {
        SkipWithoutCompose();

        var published = Published(await ComposeConfig.ReadAsync());

        published.Where(port => port.Address is null).Select(port => port.Target).Should().Equal(80);
        published
            .Where(port => port.Address is not null)
            .Should()
            .OnlyContain(port => port.Address == "127.0.0.1")
            .And.Subject.Select(port => port.Target)
            .Should()
            .BeEquivalentTo([8080, 8090, 8100, 8110, 8120, 8130, 8200, 8300, 8400, 3306, 9092]);
    }

    [Fact]
    public async Task Runifys_ports_lead_to_the_listeners_that_answer_as_its_contract_says()
    {
        SkipWithoutCompose();

        var services = (await ComposeConfig.ReadAsync()).GetProperty("services");
        var doors = Environment("web").GetProperty("Gateway__ServicePorts").GetString()!.Split(',', StringSplitOptions.TrimEntries);
        foreach (var service in new[] { "analyzer", "anomaly_detector", "consistency_check" })
        {
            var port = Environment(service).GetProperty("Server__RunifyPort").GetString();
            doors.Should().Contain($"{port}={service}:{port}");
        }

        JsonElement Environment(string service) => services.GetProperty(service).GetProperty("environment");
    }

    [Fact]
    public async Task The_private_stack_publishes_the_gateway_alone()
    {
        SkipWithoutCompose();

        Published(await ComposeConfig.ReadAsync("compose.private.yaml")).Select(port => port.Target).Should().Equal(80);
    }

    [Fact]
    public async Task The_cluster_has_three_brokers_and_acknowledges_with_two()
    {
        SkipWithoutCompose();

        var services = (await ComposeConfig.ReadAsync("compose.cluster.yaml")).GetProperty("services");

        var brokers = new[] { "kafka", "kafka-2", "kafka-3" }.Select(name => services.GetProperty(name)).ToList();
        brokers.Select(broker => Setting(broker, "KAFKA_NODE_ID")).Should().Equal("1", "2", "3");
        brokers.Select(broker => Setting(broker, "KAFKA_DEFAULT_REPLICATION_FACTOR")).Should().OnlyContain(value => value == "3");
        brokers.Select(broker => Setting(broker, "KAFKA_MIN_INSYNC_REPLICAS")).Should().OnlyContain(value => value == "2");
        brokers
            .SelectMany(broker => broker.GetProperty("volumes").EnumerateArray())
            .Select(volume => volume.GetProperty("source").GetString())
            .Should()
            .OnlyHaveUniqueItems();
        Setting(services.GetProperty("receiver"), "KAFKA_BOOTSTRAP_SERVERS").Should().Be("kafka:29092,kafka-2:29092,kafka-3:29092");
    }

    [Fact]
    public async Task Every_service_of_the_overview_is_there_with_its_other_names()
    {
        SkipWithoutCompose();

        var services = (await ComposeConfig.ReadAsync()).GetProperty("services");

        services
            .EnumerateObject()
            .Select(service => service.Name)
            .Should()
            .BeEquivalentTo([
                "receiver",
                "storage",
                "processing",
                "analyzer",
                "consistency_check",
                "anomaly_detector",
                "web",
                "mysql",
                "kafka",
                "credentials",
            ]);
        services
            .EnumerateObject()
            .SelectMany(Aliases)
            .Should()
            .BeEquivalentTo(["check", "anomaly-detector", "nginx", "dashboard", "db", "mysql-container"]);
    }

    private static IEnumerable<string> Aliases(JsonProperty service) =>
        service.Value.TryGetProperty("networks", out var networks)
        && networks.GetProperty("platform") is { ValueKind: JsonValueKind.Object } platform
        && platform.TryGetProperty("aliases", out var aliases)
            ? aliases.EnumerateArray().Select(alias => alias.GetString()!)
            : [];

    private static List<(int Target, string? Address)> Published(JsonElement config) =>
        [
            .. config
                .GetProperty("services")
                .EnumerateObject()
                .Where(service => service.Value.TryGetProperty("ports", out _))
                .SelectMany(service => service.Value.GetProperty("ports").EnumerateArray())
                .Select(port =>
                    (port.GetProperty("target").GetInt32(), port.TryGetProperty("host_ip", out var address) ? address.GetString() : null)
                ),
        ];

    private static string? Setting(JsonElement service, string name) => service.GetProperty("environment").GetProperty(name).GetString();

    private void SkipWithoutCompose() => Assert.SkipWhen(_missing is not null, _missing ?? "");
}
