using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CsCheck;

namespace KafkaMySql.Tests;

/// <summary>What the log writes down and what it makes of settings and errors.</summary>
public sealed class LogFormatTests
{
    [Fact]
    public void Headers_come_back_as_they_were() =>
        Gen.Select(Gen.String, Gen.Byte.Array[0, 300])
            .Array[0, 8]
            .Sample(headers =>
            {
                var written = headers
                    // A lone surrogate is no text and cannot be a header's name.
                    .Select(header => new KeyValuePair<string, byte[]>(
                        new string([.. header.Item1.Where(c => !char.IsSurrogate(c))]),
                        header.Item2
                    ))
                    .ToList();

                var read = HeaderBlob.Read(HeaderBlob.Write(written)).ToList();

                read.Should().HaveCount(written.Count);
                for (var index = 0; index < read.Count; index++)
                {
                    read[index].Key.Should().Be(written[index].Key);
                    read[index].Value.Should().Equal(written[index].Value);
                }
            });

    [Fact]
    public void Progress_is_written_in_the_documented_form()
    {
        var progress = new ReaderProgress(
            "main",
            "storage",
            [new(0, 1_882_675_992_330_240, null), new(1, 0, new DateTimeOffset(2026, 11, 23, 18, 0, 0, TimeSpan.FromHours(2)))]
        );

        var json = System.Text.Encoding.UTF8.GetString(ReaderProgressJson.Write(progress));

        json.Should()
            .Be(
                """{"log":"main","consumer":"storage","partitions":[{"partition":0,"last":1882675992330240,"stalled_at":null},{"partition":1,"last":0,"stalled_at":"2026-11-23T16:00:00Z"}]}"""
            );
        ReaderProgressJson.Read(System.Text.Encoding.UTF8.GetBytes(json)).Should().BeEquivalentTo(progress);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"log":"main","consumer":"c"}""")]
    [InlineData("""{"log":"main","consumer":"c","partitions":[{"partition":0,"last":-1,"stalled_at":null}]}""")]
    [InlineData("<html>")]
    public void A_reply_of_another_form_is_refused(string reply)
    {
        var act = () => ReaderProgressJson.Read(System.Text.Encoding.UTF8.GetBytes(reply));

        act.Should().Throw<JsonException>();
    }

    [Theory]
    [InlineData(1213, "40001", SqlFault.Contention)]
    [InlineData(1205, "HY000", SqlFault.Contention)]
    [InlineData(1062, "23000", SqlFault.Duplicate)]
    [InlineData(1406, "22001", SqlFault.Content)]
    [InlineData(1366, "HY000", SqlFault.Content)]
    [InlineData(1292, "22007", SqlFault.Content)]
    [InlineData(2013, "HY000", SqlFault.ConnectionLost)]
    [InlineData(1053, "08S01", SqlFault.ConnectionLost)]
    [InlineData(4031, "HY000", SqlFault.ConnectionLost)]
    [InlineData(-1, null, SqlFault.ConnectionLost)]
    [InlineData(1114, "HY000", SqlFault.Server)]
    [InlineData(1054, "42S22", SqlFault.Server)]
    [InlineData(1290, "HY000", SqlFault.Server)]
    public void Errors_are_sorted_by_what_to_do_next(int number, string? state, object expected) =>
        SqlFaults.Classify(number, state).Should().Be((SqlFault)expected);

    [Theory]
    [InlineData(1, false, 0, false)]
    [InlineData(1, true, 1, false)]
    [InlineData(2, false, 1, true)]
    [InlineData(1, true, 0, true)]
    [InlineData(1, true, 1000, true)]
    public void Settings_that_may_lose_a_commit_are_named(long flush, bool binlog, long sync, bool warns) =>
        (Durability.Judge(flush, binlog, sync) is not null).Should().Be(warns);

    [Fact]
    public void Defaults_are_valid_and_wrong_settings_are_named()
    {
        Validate(_ => { }).Should().BeEmpty();
        Validate(options => options.Partitions = 0).Should().ContainSingle().Which.Should().Contain(nameof(OutboxOptions.Partitions));
        Validate(options => options.Url = "receiver:8080 ").Should().NotBeEmpty();
        Validate(options => options.Url = "http://receiver#1").Should().NotBeEmpty();
        Validate(options => options.Readers.Add(new LogReader { Name = "a", Url = "nowhere" }))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("Readers");
        Validate(options =>
            {
                options.Readers.Add(new LogReader { Name = "a", Url = "http://a" });
                options.Readers.Add(new LogReader { Name = "a", Url = "http://b" });
            })
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("twice");
    }

    private static List<string?> Validate(Action<OutboxOptions> change)
    {
        var options = new OutboxOptions { ConnectionString = "Server=db", BootstrapServers = "kafka:9092" };
        change(options);
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, true);
        return [.. results.Select(result => result.ErrorMessage)];
    }
}
