namespace AppHost.Tests;

public sealed class HostOptionsTests
{
    [Fact]
    public void Without_arguments_everything_is_private_and_on_the_usual_ports()
    {
        var options = Parse();

        options.Database.Should().BeNull();
        options.BootstrapServers.Should().BeNull();
        (options.ReceiverPort, options.StoragePort, options.ProcessingPort, options.WebPort, options.MySqlPort)
            .Should()
            .Be((8080, 8090, 8100, 8000, 13306));
        (options.AnalyzerPort, options.AnomaliesPort).Should().Be((8200, 8400));
        (options.RunifyAnalyzerPort, options.RunifyAnomaliesPort, options.RunifyCheckPort).Should().Be((8110, 8120, 8130));
        (options.Topic, options.Partitions).Should().Be(("events", 4));
        options.DemoRate.Should().BeNull();
    }

    [Theory]
    [InlineData("runify", 8110, 8120, 8130, false, true)]
    [InlineData("Runify, real_estate", 8200, 8400, 8300, true, true)]
    [InlineData("both", 8200, 8400, 8300, true, true)]
    [InlineData("RealEstate", 8200, 8400, 8300, true, false)]
    public void The_ports_are_those_of_the_system_that_is_alone(
        string systems,
        int analyzer,
        int anomalies,
        int consistency,
        bool realEstate,
        bool runify
    )
    {
        var options = HostOptions.Parse([], setting => setting == "Systems" ? systems : null);

        (options.AnalyzerPort, options.AnomaliesPort, options.ConsistencyPort).Should().Be((analyzer, anomalies, consistency));
        (options.RealEstate, options.Runify).Should().Be((realEstate, runify));
        (options.RunifyAnalyzerPort is not null).Should().Be(realEstate && runify, "with one system there is one port");
        DemoType.Of(options).Select(type => type.Route).Should().HaveCount((realEstate ? 2 : 0) + (runify ? 2 : 0));
    }

    [Fact]
    public void Runifys_ports_can_be_moved_and_closed()
    {
        var options = HostOptions.Parse(
            [],
            setting =>
                setting switch
                {
                    "Ports__RunifyAnalyzer" => "9110",
                    "Ports__RunifyAnomalies" => "off",
                    _ => null,
                }
        );

        (options.RunifyAnalyzerPort, options.RunifyAnomaliesPort, options.RunifyCheckPort).Should().Be((9110, null, 8130));
    }

    [Fact]
    public void The_databases_port_has_an_older_name() =>
        HostOptions.Parse([], setting => setting == "MYSQL_PORT" ? "33060" : null).MySqlPort.Should().Be(33060);

    [Fact]
    public void Sample_events_are_what_the_catalog_takes()
    {
        var random = new Random(7);
        foreach (var type in DemoType.Of(Parse()))
        {
            for (var i = 0; i < 100; i++)
                FluentActions.Invoking(() => System.Text.Json.JsonDocument.Parse(type.Body(i, random))).Should().NotThrow();
        }
    }

    [Fact]
    public void A_system_that_is_none_is_named() =>
        Invoking(() => HostOptions.Parse([], setting => setting == "Systems" ? "cars" : null))
            .Should()
            .Throw<UsageException>()
            .WithMessage("Systems must be real_estate, runify or both, not 'cars'.");

    [Theory]
    [InlineData(4, "--demo")]
    [InlineData(25.5, "--demo", "25.5")]
    [InlineData(4, "--demo", "--kafka")]
    public void Demo_takes_a_rate_or_its_own(double rate, params string[] arguments) => Parse(arguments).DemoRate.Should().Be(rate);

    [Theory]
    [InlineData("*'--dmeo'*--help*", "--dmeo")]
    [InlineData("*--demo*'0'*", "--demo", "0")]
    [InlineData("*--demo*'fast'*", "--demo", "fast")]
    [InlineData("--data needs a folder.", "--data")]
    public void A_wrong_argument_is_named(string message, params string[] arguments) =>
        Invoking(() => Parse(arguments)).Should().Throw<UsageException>().WithMessage(message);

    [Theory]
    [InlineData("Ports__Receiver", "http")]
    [InlineData("Ports__Storage", "70000")]
    [InlineData("Kafka__Partitions", "0")]
    [InlineData("Kafka__Partitions", "-1")]
    public void A_wrong_setting_is_named_with_its_value(string name, string value) =>
        Invoking(() => HostOptions.Parse([], setting => setting == name ? value : null))
            .Should()
            .Throw<UsageException>()
            .WithMessage($"*{name}*'{value}'*");

    [Fact]
    public void A_broker_of_ones_own_and_a_started_one_contradict_each_other() =>
        Invoking(() => HostOptions.Parse(["--kafka"], setting => setting == "KAFKA_BOOTSTRAP_SERVERS" ? "kafka:9092" : null))
            .Should()
            .Throw<UsageException>()
            .WithMessage("*KAFKA_BOOTSTRAP_SERVERS*");

    [Fact]
    public void The_help_names_every_port() =>
        HostOptions
            .Usage.Should()
            .ContainAll(
                "Ports__Receiver",
                "Ports__Storage",
                "Ports__Analyzer",
                "Ports__Anomalies",
                "Ports__Processing",
                "Ports__Consistency",
                "Ports__Web",
                "Ports__MySql",
                "Ports__Kafka",
                "Ports__RunifyAnalyzer",
                "Ports__RunifyAnomalies",
                "Ports__RunifyCheck"
            );

    private static HostOptions Parse(params string[] arguments) => HostOptions.Parse(arguments, _ => null);

    private static Func<HostOptions> Invoking(Func<HostOptions> parse) => parse;
}
