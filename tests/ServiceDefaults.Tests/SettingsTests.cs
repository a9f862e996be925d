using Microsoft.Extensions.Configuration;

namespace ServiceDefaults.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Server:Port", "99999", "Setting Server:Port is '99999': it must be a whole number from 0 to 65535")]
    [InlineData("Server:Port", "http", "Setting Server:Port is 'http'")]
    [InlineData("Server:RunifyPort", "0", "Setting Server:RunifyPort is '0': it must be a whole number from 1 to 65535, or off")]
    [InlineData("Server:Address", "somewhere", "Setting Server:Address is 'somewhere'")]
    [InlineData("Systems", "RealEstate,Cars", "Setting Systems is 'RealEstate,Cars'")]
    [InlineData("Kafka:Partitions", "0", "Setting Kafka:Partitions is '0'")]
    [InlineData("Kafka:GroupProtocol", "new", "Setting Kafka:GroupProtocol is 'new': it must be one of auto, consumer, classic.")]
    [InlineData("events:topic", "my topic", "Setting events:topic is 'my topic'")]
    [InlineData("Logs:Level", "loud", "Setting Logs:Level is 'loud'")]
    public void A_wrong_value_is_refused_with_one_sentence_that_names_the_setting(string name, string value, string sentence)
    {
        var check = () => Settings.Check(From((name, value)));

        check.Should().Throw<SettingException>().Which.Message.Should().StartWith(sentence).And.EndWith(".").And.NotContain("\n");
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("00:00:05", 5)]
    public void A_time_carries_its_unit(string text, double seconds)
    {
        SettingKinds.Duration(TimeSpan.Zero, TimeSpan.FromDays(400)).TryParse(text, out var value).Should().BeTrue();
        value.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("401d")]
    [InlineData("99999999999999999999d")]
    [InlineData("")]
    public void A_time_without_a_unit_or_out_of_range_is_refused(string text) =>
        SettingKinds.Duration(TimeSpan.Zero, TimeSpan.FromDays(400)).TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Both_systems_are_on_by_default()
    {
        Settings.Systems.Read(From()).Should().Be(new EnabledSystems(true, true));
        Settings.Systems.Read(From(("Systems", "Runify"))).Should().Be(new EnabledSystems(false, true));
        Settings.Systems.Read(From(("Systems", "realestate, runify"))).Should().Be(EnabledSystems.Both);
        Settings.Systems.Read(From(("Systems", "real_estate"))).Should().Be(new EnabledSystems(true, false));
        new EnabledSystems(false, true).Types.Should().Equal(Contracts.EventCatalog.RunningStats, Contracts.EventCatalog.MusicInfo);
        new EnabledSystems(true, false).Has(Contracts.EventCatalog.RunningStats).Should().BeFalse();
    }

    [Fact]
    public void With_Runify_alone_a_service_listens_on_that_contracts_port()
    {
        Port(ServiceIdentity.Analyzer, "runify").Should().Be(8110);
        Port(ServiceIdentity.Anomalies, "runify").Should().Be(8120);
        Port(ServiceIdentity.Consistency, "runify").Should().Be(8130);
        Port(ServiceIdentity.Receiver, "runify").Should().Be(8080);
        Port(ServiceIdentity.Analyzer, "both").Should().Be(8200);
        ServiceIdentity.Analyzer.Listeners[0].ReadPort(From(("Systems", "runify"), ("Server:Port", "7"))).Should().Be(7);

        static int? Port(ServiceIdentity service, string systems) => service.Listeners[0].ReadPort(From(("Systems", systems)));
    }

    [Fact]
    public void With_both_systems_on_a_service_also_listens_on_Runifys_port()
    {
        Port(ServiceIdentity.Analyzer).Should().Be(8110);
        Port(ServiceIdentity.Anomalies).Should().Be(8120);
        Port(ServiceIdentity.Consistency).Should().Be(8130);
        Port(ServiceIdentity.Analyzer, ("Systems", "real_estate")).Should().BeNull();
        Port(ServiceIdentity.Analyzer, ("Systems", "real_estate"), ("Server:RunifyPort", "7")).Should().BeNull();
        Port(ServiceIdentity.Analyzer, ("Systems", "runify")).Should().BeNull("the only listener has it");
        Port(ServiceIdentity.Analyzer, ("Systems", "runify"), ("Server:RunifyPort", "7")).Should().Be(7);
        Port(ServiceIdentity.Analyzer, ("Server:RunifyPort", "7")).Should().Be(7);
        Port(ServiceIdentity.Analyzer, ("Server:RunifyPort", "off")).Should().BeNull();
        ServiceIdentity.Receiver.Listeners.Should().ContainSingle("both contracts have it at one port");

        static int? Port(ServiceIdentity service, params (string, string)[] settings) => service.Listeners[1].ReadPort(From(settings));
    }

    [Fact]
    public void Kafka_is_found_by_any_of_its_names()
    {
        KafkaAddress.Read(From()).Should().Be(new KafkaAddress("kafka:9092", "events", 4, "auto"));
        KafkaAddress
            .Read(From(("events:hostname", "broker"), ("events:port", "29092"), ("events:topic", "other")))
            .Should()
            .Be(new KafkaAddress("broker:29092", "other", 4, "auto"));
        KafkaAddress.Read(From(("KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2"), ("events:hostname", "x"))).BootstrapServers.Should().Be("a:1,b:2");
        KafkaAddress.Read(From(("Kafka:BootstrapServers", "c:3"), ("KAFKA_BOOTSTRAP_SERVERS", "a:1"))).BootstrapServers.Should().Be("c:3");
    }

    [Fact]
    public void The_database_is_found_by_a_connection_string_or_by_its_parts()
    {
        var parts = new MySqlConnector.MySqlConnectionStringBuilder(
            DatabaseAddress.Read(From(("datastore:user", "ann"), ("datastore:password", "x")), ServiceIdentity.Storage)
        );
        (parts.Server, parts.Port, parts.UserID, parts.Database).Should().Be(("db", 3306u, "ann", "real_estate"));

        var whole = new MySqlConnector.MySqlConnectionStringBuilder(
            DatabaseAddress.Read(From(("ConnectionStrings:MySql", "Server=h;User ID=bob"), ("Systems", "Runify")), ServiceIdentity.Storage)
        );
        (whole.Server, whole.UserID, whole.Database).Should().Be(("h", "bob", "events"));
        DatabaseAddress
            .Read(From(("ConnectionStrings:MySql", "Server=h;Database=mine")), ServiceIdentity.Receiver)
            .Should()
            .Contain("Database=mine");
    }

    [Fact]
    public void A_connection_string_that_is_wrong_or_missing_is_said_without_its_secrets()
    {
        var wrong = () =>
            DatabaseAddress.Read(From(("ConnectionStrings:MySql", "Server=h;Password=hidden;Colour=red")), ServiceIdentity.Storage);
        wrong.Should().Throw<SettingException>().Which.Message.Should().Contain("ConnectionStrings:MySql").And.NotContain("hidden");

        var missing = () => DatabaseAddress.Read(From(), ServiceIdentity.Storage);
        missing.Should().Throw<SettingException>().Which.Message.Should().StartWith("Setting ConnectionStrings:MySql is missing");
    }

    [Fact]
    public void Unknown_settings_of_the_products_own_sections_are_found()
    {
        var unknown = Settings.Unknown(
            From(
                ("Server:Prot", "1"),
                ("server:port", "8080"),
                ("Kafka:Topics", "x"),
                ("services:receiver:ulr", "x"),
                ("Elsewhere:Prot", "1")
            )
        );

        unknown.Should().BeEquivalentTo("Kafka:Topics", "Server:Prot", "services:receiver:ulr");
    }

    [Fact]
    public void Every_setting_says_what_it_is_for()
    {
        Settings.All.Should().NotBeEmpty().And.OnlyHaveUniqueItems(setting => setting.Name);
        Settings
            .All.Should()
            .OnlyContain(setting => setting.Description.EndsWith('.') && setting.Kind.Length > 0 && setting.DefaultText.Length > 0);
    }

    private static IConfigurationRoot From(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
}
