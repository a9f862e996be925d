using System.Text.Json;
using System.Text.RegularExpressions;
using TestSupport;

namespace Compose.Tests;

/// <summary>Two stacks on one host, told apart by variables alone.</summary>
public sealed partial class TwoStacksTests
{
    [Theory]
    [InlineData]
    [InlineData("compose.cluster.yaml")]
    public async Task The_documented_variables_leave_nothing_that_both_would_want(params string[] overrides)
    {
        Assert.SkipWhen(await Docker.MissingComposeAsync() is not null, "docker compose is missing");
        using var folder = new TemporaryFolder();
        var files = await WriteAsDocumentedAsync(folder.Path);
        var stacks = new List<JsonElement>();
        foreach (var file in files)
            stacks.Add(await ComposeConfig.ReadWithAsync(file, overrides));

        // Names of the stack, its images, volumes and networks; containers are named after the stack by compose itself.
        stacks.SelectMany(Names).Should().OnlyHaveUniqueItems();
        stacks.SelectMany(Services).Should().NotContain(service => Has(service.Value, "container_name"));
        stacks
            .SelectMany(stack => stack.GetProperty("networks").EnumerateObject())
            .Should()
            .NotContain(network => network.Value.GetProperty("ipam").EnumerateObject().Any(), "a fixed subnet can be there once");
        // Every address and port, where a port open everywhere takes it from all addresses.
        var published = stacks.Select(Published).ToList();
        foreach (var (address, port) in published[0])
            published[1]
                .Should()
                .NotContain(other => other.Port == port && (other.Address == address || other.Address == "" || address == ""));
        // Clients outside are sent to where the broker is published.
        foreach (var broker in stacks.SelectMany(Services).Where(service => service.Name.StartsWith("kafka", StringComparison.Ordinal)))
            broker
                .Value.GetProperty("environment")
                .GetProperty("KAFKA_ADVERTISED_LISTENERS")
                .GetString()
                .Should()
                .EndWith($":{broker.Value.GetProperty("ports")[0].GetProperty("published").GetString()}");
        // One system each.
        stacks
            .SelectMany(stack => Services(stack).Where(service => service.Name == "receiver"))
            .Select(service => service.Value.GetProperty("environment").GetProperty("Systems").GetString())
            .Should()
            .Equal("real_estate", "runify");
    }

    [Fact, Trait("Category", "Long")]
    public async Task Two_systems_run_beside_each_other_and_neither_has_the_others_events()
    {
        await using var realEstate = new ComposedStack("127.0.0.2", "SYSTEMS=real_estate");
        await using var runify = new ComposedStack("127.0.0.3", "SYSTEMS=runify");
        await realEstate.InitializeAsync();
        Assert.SkipWhen(realEstate.Missing is not null, realEstate.Missing ?? "");
        await runify.InitializeAsync();
        using var clients = new EventClient(_ => realEstate.At("RECEIVER_PORT"), realEstate.Journal);
        using var runs = new JsonClient(runify.At("RECEIVER_PORT"));

        await clients.SendManyAsync(from: 0, count: 20, clients: 4, TestContext.Current.CancellationToken);
        for (var run = 1; run <= 5; run++)
            await runs.PostAsync(
                "stats/running",
                $$"""{"user_id":"u-{{run}}","duration":1800,"distance":5000,"timestamp":"2024-09-10T09:12:33.001Z"}""",
                201
            );

        await StoredAsync(realEstate.TableDatabase, listings: 10, bids: 10, runs: 0);
        await StoredAsync(runify.Database("events"), listings: 0, bids: 0, runs: 5);
        (await runs.AskAsync("POST", "receiver/site/listings", EventClient.Listing(1))).Status.Should().Be(404);
        TopicReader.ReadAll(realEstate.BootstrapServers, realEstate.Topic).Should().HaveCount(20);
        TopicReader.ReadAll(runify.BootstrapServers, runify.Topic).Should().HaveCount(5);

        // What happens to one is nothing to the other.
        await runify.DownAsync();
        using var gateway = new JsonClient(realEstate.Gateway);
        (await gateway.AskAsync("GET", "health")).Status.Should().Be(200);
        await runify.UpAsync();
        await StoredAsync(runify.Database("events"), listings: 0, bids: 0, runs: 5);
    }

    private static Task StoredAsync(string database, int listings, int bids, int runs) =>
        Eventually.HoldsAsync(
            async () =>
            {
                var counts = await Deployment.ColumnAsync(
                    database,
                    "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM listings), (SELECT COUNT(*) FROM bids), (SELECT COUNT(*) FROM running_data))"
                );
                return counts.Single() == $"{listings} {bids} {runs}" ? true : throw new InvalidOperationException(counts.Single());
            },
            $"{listings} listings, {bids} bids and {runs} runs are stored"
        );

    /// <summary>Runs what the page says writes the two files of variables; returns them in the page's order.</summary>
    private static async Task<List<string>> WriteAsDocumentedAsync(string folder)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var commands = WritesVariables().Matches(page).Select(match => match.Groups[1].Value).ToList();
        commands.Should().HaveCount(2);
        var (code, output) = await Command.RunAsync("bash", ["-e", "-o", "pipefail", "-c", string.Join('\n', commands)], folder);
        code.Should().Be(0, output);
        return [Path.Combine(folder, ".env"), Path.Combine(folder, "runify.env")];
    }

    private static bool Has(JsonElement value, string name) => value.TryGetProperty(name, out _);

    private static IEnumerable<JsonProperty> Services(JsonElement stack) => stack.GetProperty("services").EnumerateObject();

    private static IEnumerable<string> Names(JsonElement stack)
    {
        var name = stack.GetProperty("name").GetString()!;
        return
        [
            $"project {name}",
            .. Services(stack)
                .Where(service => Has(service.Value, "build"))
                .Select(service =>
                    $"image {(service.Value.TryGetProperty("image", out var image) ? image.GetString() : $"{name}-{service.Name}")}"
                ),
            .. stack.GetProperty("volumes").EnumerateObject().Select(volume => $"volume {volume.Value.GetProperty("name").GetString()}"),
            .. stack
                .GetProperty("networks")
                .EnumerateObject()
                .Select(network => $"network {network.Value.GetProperty("name").GetString()}"),
        ];
    }

    private static List<(string Address, string Port)> Published(JsonElement stack) =>
        [
            .. Services(stack)
                .Where(service => Has(service.Value, "ports"))
                .SelectMany(service => service.Value.GetProperty("ports").EnumerateArray())
                .Select(port =>
                    (
                        port.TryGetProperty("host_ip", out var address) ? address.GetString()! : "",
                        port.GetProperty("published").GetString()!
                    )
                ),
        ];

    [GeneratedRegex("^    (printf '.*SYSTEMS=.*)$", RegexOptions.Multiline)]
    private static partial Regex WritesVariables();
}
