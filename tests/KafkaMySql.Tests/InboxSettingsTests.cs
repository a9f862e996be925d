using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace KafkaMySql.Tests;

public sealed class InboxSettingsTests
{
    [Fact]
    public void Settings_come_from_the_section_and_then_from_the_service()
    {
        var options = Read(
            new()
            {
                ["Inbox:ConnectionString"] = "Server=db",
                ["Inbox:Consumer"] = "storage",
                ["Inbox:Partitions"] = "8",
            }
        );
        options.Partitions.Should().Be(8);
        options.Log.Should().Be("main");
        options.GroupOrConsumer.Should().Be("storage");
        options.Tables.Should().ContainKey(1);
    }

    [Theory]
    [InlineData("Inbox:ConnectionString", "")]
    [InlineData("Inbox:Consumer", "")]
    [InlineData("Inbox:Consumer", "näme")]
    [InlineData("Inbox:Log", "")]
    [InlineData("Inbox:Topic", "")]
    [InlineData("Inbox:Partitions", "0")]
    [InlineData("Inbox:BatchSize", "0")]
    [InlineData("Inbox:BatchBytes", "5")]
    [InlineData("Inbox:MaxDeadLettersPerMinute", "-1")]
    [InlineData("Inbox:MaxForeignRawPerDay", "-1")]
    public void A_wrong_setting_is_named(string name, string value)
    {
        var settings = new Dictionary<string, string?> { ["Inbox:ConnectionString"] = "Server=db", ["Inbox:Consumer"] = "storage" };
        settings[name] = value;
        this.Invoking(_ => Read(settings)).Should().Throw<OptionsValidationException>().WithMessage($"*{name}*");
    }

    [Fact]
    public void Without_decoder_and_tables_there_is_no_inbox() =>
        new InboxOptionsCheck()
            .Validate(null, new InboxOptions { ConnectionString = "Server=db", Consumer = "storage" })
            .Failures.Should()
            .HaveCount(2);

    [Fact]
    public void Health_is_red_for_what_stops_reading_or_was_lost_and_yellow_for_what_waits_for_a_person()
    {
        var well = new InboxFigures { Partition = 1, Held = true };
        Status(null, well).Should().Be(HealthStatus.Healthy);
        Status("no database", well).Should().Be(HealthStatus.Unhealthy);
        Status(null, well with { Waiting = "a missing column" }).Should().Be(HealthStatus.Unhealthy);
        Status(null, well with { Expired = 1 }).Should().Be(HealthStatus.Unhealthy);
        Status(null, well with { Dead = 1 }).Should().Be(HealthStatus.Degraded);
        Status(null, well with { Parked = 1 }).Should().Be(HealthStatus.Degraded);

        static HealthStatus Status(string? missing, InboxFigures figures) => InboxHealthCheck.Result(missing, [figures]).Status;
    }

    [Fact]
    public void Headers_survive_their_way_through_a_column()
    {
        var headers = new Confluent.Kafka.Headers
        {
            { "seq", "5"u8.ToArray() },
            { "empty", [] },
            { "ünicode", [0, 255] },
        };
        headers.Add("null", null);
        var back = RawHeaders.Read(RawHeaders.Write(headers))!;
        back.Select(header => header.Key).Should().Equal("seq", "empty", "ünicode", "null");
        back.Select(header => header.GetValueBytes()).Should().BeEquivalentTo(headers.Select(header => header.GetValueBytes()));
        RawHeaders.Write(null).Should().BeNull();
    }

    private static InboxOptions Read(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddMySqlInbox(options =>
        {
            options.Decoder = InboxTestMessage.Decoder("a");
            options.Tables[1] = new InboxTestTable("events_a");
        });
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<InboxOptions>>().Value;
    }
}
